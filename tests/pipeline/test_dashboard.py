#!/usr/bin/python3
"""The dashboard for Grafana: it can be read there, and asks only for what is told."""
import json
import re
import unittest

from monitorkit import ROOT, promtool

DASHBOARD = json.loads((ROOT / "config" / "grafana" / "newsmq.json").read_text())
PAGE = (ROOT / "docs" / "monitoring.md").read_text()
METRIC = re.compile(r"^\| `(newsmq_[a-z_]+)(?:\{([a-z, ]+)\})?` \| (counter|gauge|histogram) \|", re.M)


class Dashboard(unittest.TestCase):
    def panels(self):
        return [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]

    def expressions(self):
        return [(panel["title"], target["expr"], target) for panel in self.panels() for target in panel["targets"]]

    def test_it_is_what_grafana_reads(self):
        self.assertEqual((DASHBOARD["title"], DASHBOARD["uid"]), ("newsmq", "newsmq"))
        self.assertGreaterEqual(DASHBOARD["schemaVersion"], 36)
        ids = [panel["id"] for panel in DASHBOARD["panels"]]
        self.assertEqual(len(ids), len(set(ids)))
        for panel in DASHBOARD["panels"]:
            place = panel["gridPos"]
            self.assertLessEqual(place["x"] + place["w"], 24, panel["title"])
        for panel in self.panels():
            with self.subTest(panel=panel["title"]):
                self.assertIn(panel["type"], ("stat", "timeseries", "table"))
                self.assertEqual(panel["datasource"]["uid"], "${datasource}")
                references = [target["refId"] for target in panel["targets"]]
                self.assertEqual(len(references), len(set(references)))
                self.assertTrue(panel["fieldConfig"]["defaults"]["unit"])
        self.assertEqual([v["name"] for v in DASHBOARD["templating"]["list"]], ["datasource"])

    def test_no_two_panels_lie_on_each_other(self):
        taken = {}
        for panel in DASHBOARD["panels"]:
            place = panel["gridPos"]
            for x in range(place["x"], place["x"] + place["w"]):
                for y in range(place["y"], place["y"] + place["h"]):
                    self.assertNotIn((x, y), taken, (panel["title"], taken.get((x, y))))
                    taken[x, y] = panel["title"]

    def test_every_name_and_label_is_told(self):
        """test_metrics holds the page against what the daemon tells."""
        known = {name: (labels or "").replace(" ", "").split(",") for name, labels, _ in METRIC.findall(PAGE)}
        for title, expression, target in self.expressions():
            with self.subTest(panel=title, expression=expression):
                names = re.findall(r"newsmq_[a-z_]+", expression)
                self.assertTrue(names)
                for name in names:
                    base = re.sub(r"_bucket$", "", name)
                    self.assertIn(base, known)
                    for label in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]):
                        self.assertIn(label, known[base])

    def test_counters_are_asked_for_their_rate(self):
        counters = {name for name, _, kind in METRIC.findall(PAGE) if kind != "gauge"}
        for title, expression, _ in self.expressions():
            for name in re.findall(r"newsmq_[a-z_]+", expression):
                if re.sub(r"_bucket$", "", name) in counters:
                    self.assertRegex(expression, rf"(rate|increase)\({name}\[\w+\]\)", title)

    def test_every_expression_is_promql(self):
        rules = {"groups": [{"name": "dashboard", "rules": [{"record": f"panel:{i}", "expr": expression}
                                                            for i, (_, expression, _) in enumerate(self.expressions())]}]}
        run = promtool("check", "rules", "/dev/stdin", text=json.dumps(rules))
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)


if __name__ == "__main__":
    unittest.main()
