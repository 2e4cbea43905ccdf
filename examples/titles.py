#!/usr/bin/python3
# Prints the titles of records as they come.  apt install python3-zmq; examples/titles.py ipc:///run/newsmq/pub.sock
import json, sys, zmq
socket = zmq.Context().socket(zmq.SUB)
socket.connect(sys.argv[1])
socket.subscribe("record/")  # [topic] [header JSON] [body JSON]
while True: print(json.loads(socket.recv_multipart()[2])["title"], flush=True)
