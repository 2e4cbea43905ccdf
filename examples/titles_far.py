#!/usr/bin/python3
# titles.py from another machine, with keys (docs/security.md): who may subscribe is the hub's to say.
#   examples/titles_far.py tcp://hub.example.org:5560 reader.key_secret hub.key
import json, sys, zmq, zmq.auth
socket = zmq.Context().socket(zmq.SUB)
socket.curve_publickey, socket.curve_secretkey = zmq.auth.load_certificate(sys.argv[2])
socket.curve_serverkey, _ = zmq.auth.load_certificate(sys.argv[3])
socket.connect(sys.argv[1])
socket.subscribe("record/")
while True: print(json.loads(socket.recv_multipart()[2])["title"], flush=True)
