"""Runs a program at a terminal, and answers its prompts in order. Prints what it said; exits as it did.

Arguments: the answers as a JSON list, then the program and its arguments. A prompt ends in one of PROMPTS.

The terminal stays open here until everything is read: what a program wrote last can be lost when the last holder of a terminal, or the
leader of its session, goes away. END, written after the program's end, is the last thing in it.
"""

import json
import os
import pty
import subprocess
import sys
import threading

PROMPTS = (b"? ", b"Note: ", b"yes/no ", b"phone numbers: ", b"address: ")
END = b"\0the end\0"

answers, command = json.loads(sys.argv[1]), sys.argv[2:]
ours, theirs = pty.openpty()
program = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs)


def mark_the_end():
    program.wait()
    os.write(theirs, END)


threading.Thread(target=mark_the_end).start()
said, unread = b"", b""
while not said.endswith(END):
    piece = os.read(ours, 4096)
    said += piece
    unread += piece
    if unread.endswith(PROMPTS) and answers:
        os.write(ours, answers.pop(0).encode() + b"\n")
        unread = b""
sys.stdout.write(said.removesuffix(END).decode(errors="replace"))
sys.exit(program.returncode if program.returncode >= 0 else 128 - program.returncode)
