"""The examples do what they say against a real server, whatever happens on the way."""

import os
import random
import subprocess
import sys
import time
import unittest

from payfold.v1 import ledger_service_pb2, ledger_service_pb2_grpc
from payfold_client import connect
from serving import Proxy, Server

HERE = os.path.dirname(os.path.abspath(__file__))


class ClientTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)

    def start(self, program, *arguments):
        process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, program), *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def lines(self, process):
        """What the program prints, split into words, until it ends, and well."""
        out, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 0, err)
        return [line.split() for line in out.splitlines()]

    def outcome(self, program, *arguments):
        return self.lines(self.start(program, *arguments))

    def log(self):
        """(position, event id) of everything in the log."""
        with connect(self.server.address) as channel:
            ledger = ledger_service_pb2_grpc.LedgerServiceStub(channel)
            pages = ledger.ReadEvents(ledger_service_pb2.ReadEventsRequest())
            return [(s.event.position, s.event.event_id) for page in pages for s in page.events]

    def test_appends_and_says_what_was_there_already(self):
        first = self.outcome("append.py", self.server.address, "py", 4)
        self.assertEqual([word[2] for word in first], ["new"] * 4)
        again = self.outcome("append.py", self.server.address, "py", 4)
        self.assertEqual([word[2] for word in again], ["again"] * 4)
        self.assertEqual([word[:2] for word in again], [word[:2] for word in first])

    def test_cut_at_random_and_killed_nothing_doubles_and_the_follower_sees_all_once(self):
        before = len(self.log())
        count = 900
        proxy = Proxy(self.server)
        self.addCleanup(proxy.close)
        follower = self.start("follow.py", proxy.address, 0, before + count)
        appender = self.start("append.py", proxy.address, "cut", count)
        chance = random.Random(20251125)
        appended = []
        for line in appender.stdout:
            appended.append(line.split())
            if chance.random() < 0.05:
                time.sleep(chance.uniform(0, 0.01))  # Until the next batch is somewhere on its way.
                proxy.cut()
            if len(appended) in (count // 3, 2 * count // 3):
                self.server.kill()
                self.server.start()
        self.lines(appender)
        followed = self.lines(follower)
        log = self.log()
        self.assertGreater(proxy.cuts, 10)
        self.assertIn("again", [word[2] for word in appended])
        self.assertEqual([event_id for _, event_id in log[before:]], ids("cut", count))
        self.assertEqual([(int(p), event_id) for p, event_id in followed], log)
        self.assertEqual([(int(p), event_id) for event_id, p, _ in appended], log[before:])

    def test_reads_what_it_wrote(self):
        earned = []
        for i in range(5):
            words = dict(self.outcome("read_your_writes.py", self.server.address, f"own-{i}"))
            self.assertGreaterEqual(int(words["answered"]), int(words["appended"]))
            earned.append(int(words["USD"]))
        self.assertEqual(earned, sorted(set(earned)))

    def test_a_rich_error_names_every_field(self):
        lines = self.outcome("rich_error.py", self.server.address)
        self.assertEqual(
            lines[:3],
            [["code", "INVALID_ARGUMENT"], ["reason", "payfold", "DATE_MALFORMED"],
             ["violations", "2"]],
        )
        self.assertEqual(
            [line[1] for line in lines[3:]],
            ["events[0].deal_booked.booked_on", "events[1].deal_booked.amount.currency"],
        )

    def test_pages_of_any_size_give_the_same_lines(self):
        whole = self.outcome("page_lines.py", self.server.address, 0)
        self.assertGreater(len(whole), 4)
        for size in (1, 3):
            self.assertEqual(self.outcome("page_lines.py", self.server.address, size), whole)


def ids(prefix, count):
    return [f"crm-{prefix}-{i}-booked" for i in range(count)]


if __name__ == "__main__":
    unittest.main()
