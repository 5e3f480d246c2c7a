"""A real server over a small company, and a way to it that can be cut."""

import os
import signal
import socket
import subprocess
import tempfile
import threading

PAYFOLD = os.environ["PAYFOLD_BINARY"]
SAMPLES = os.environ["PAYFOLD_SAMPLES"]


class Server:
    """payfold serve over a data directory of its own, with the company of tools/samples
    up to the first quarter."""

    def __init__(self):
        self._dir = tempfile.TemporaryDirectory()
        self._data = os.path.join(self._dir.name, "data")
        self._payfold("init", "--currency", "USD")
        self._payfold("append", os.path.join(SAMPLES, "01-company.jsonl"))
        self._payfold("plan", "publish", os.path.join(SAMPLES, "ae-2025.yaml"))
        self._payfold("append", os.path.join(SAMPLES, "02-first-quarter.jsonl"))
        self.start()

    def _payfold(self, *arguments):
        subprocess.run(
            [PAYFOLD, *arguments, "--data", self._data], check=True, stdout=subprocess.DEVNULL
        )

    def start(self):
        self._process = subprocess.Popen(
            [PAYFOLD, "serve", "--data", self._data, "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE,
            text=True,
        )
        for line in self._process.stdout:
            if line.startswith("listening on "):
                self.address = line.split()[2].rstrip(";")
                return
        raise RuntimeError("payfold serve ended before it listened")

    def kill(self):
        """As a power cut would; start() brings it back, on another port."""
        self._end(signal.SIGKILL)

    def close(self):
        self._end(signal.SIGTERM)
        self._dir.cleanup()

    def _end(self, how):
        self._process.send_signal(how)
        self._process.wait()
        self._process.stdout.close()


class Proxy:
    """Passes connections on to the server, wherever it is just now."""

    def __init__(self, server):
        self._server = server
        self._lock = threading.Lock()
        self._open = set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self._listening.getsockname()[1]
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        _shut(self._listening)
        self._listening.close()
        self.cut()

    def cut(self):
        """Breaks every connection; what was on its way is lost."""
        with self._lock:
            self.cuts += len(self._open)
            for client in self._open:
                _shut(client)

    def _accept(self):
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        host, port = self._server.address.split(":")
        try:
            with client, socket.create_connection((host, int(port))) as server:
                with self._lock:
                    self._open.add(client)
                back = threading.Thread(target=_pump, args=(server, client), daemon=True)
                back.start()
                _pump(client, server)
                back.join()
                with self._lock:
                    self._open.remove(client)
        except OSError:
            pass  # The server is away.


def _pump(source, sink):
    try:
        while data := source.recv(1 << 16):
            sink.sendall(data)
    except OSError:
        pass  # Cut.
    _shut(source)
    _shut(sink)


def _shut(end):
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # The other side was first.
