"""check_proof.py VERIFIER_KEY FILE: verifies a signed tree head, or an inclusion proof
with its event inside, as written in c2sp.org/signed-note, c2sp.org/tlog-checkpoint,
c2sp.org/tlog-proof and RFC 9162 (2.1.3.2), and nothing of Payfold's.
Prints the size of the tree head, and the index that is proved."""

import base64
import hashlib
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def sha256(data):
    return hashlib.sha256(data).digest()


def open_note(note, verifier_key):
    """(size, root) of a tree head that the key signed; raises if it did not."""
    name, key_id, key = verifier_key.split("+", 2)
    key = base64.b64decode(key, validate=True)
    assert key[0] == 1 and sha256(f"{name}\n".encode() + key)[:4].hex() == key_id
    text, signatures = note.decode().rsplit("\n\n", 1)
    text += "\n"
    for line in signatures.splitlines():
        dash, signer, signature = line.split(" ")
        signature = base64.b64decode(signature, validate=True)
        if (dash, signer, signature[:4].hex()) == ("\N{EM DASH}", name, key_id):
            Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature[4:], text.encode())
            origin, size, root = text.splitlines()
            assert origin == name
            return int(size), base64.b64decode(root, validate=True)
    raise ValueError("not signed by this key")


def root_of(leaf, index, size, path):
    """The root that a path leads to."""
    node, last, hash_ = index, size - 1, leaf
    for sibling in path:
        assert last > 0
        if node & 1 or node == last:
            hash_ = sha256(b"\x01" + sibling + hash_)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            hash_ = sha256(b"\x01" + hash_ + sibling)
        node, last = node >> 1, last >> 1
    assert last == 0
    return hash_


def main(verifier_key, file):
    with open(file, "rb") as content:
        text = content.read()
    if not text.startswith(b"c2sp.org/tlog-proof@v1\n"):
        print("size", open_note(text, verifier_key)[0])
        return
    proof, note = text.split(b"\n\n", 1)
    _, extra, index, *path = proof.decode().split("\n")
    size, root = open_note(note, verifier_key)
    event = base64.b64decode(extra.removeprefix("extra "), validate=True)
    index = int(index.removeprefix("index "))
    path = [base64.b64decode(line, validate=True) for line in path]
    assert root_of(sha256(b"\x00" + event), index, size, path) == root
    print("size", size, "index", index)


if __name__ == "__main__":
    main(*sys.argv[1:])
