"""Runs a program at a terminal of its own, and answers its prompts in order. Prints what it said; exits as it did.

Arguments: the answers as a JSON list, then the program and its arguments. A prompt ends in one of PROMPTS.
"""

import json
import os
import pty
import sys

PROMPTS = (b"? ", b"Note: ", b"yes/no ", b"phone numbers: ", b"address: ")

answers, command = json.loads(sys.argv[1]), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execv(command[0], command)
said, unread = b"", b""
while True:
    try:
        piece = os.read(terminal, 4096)
    except OSError:
        break
    if not piece:
        break
    said += piece
    unread += piece
    if unread.endswith(PROMPTS) and answers:
        os.write(terminal, answers.pop(0).encode() + b"\n")
        unread = b""
sys.stdout.write(said.decode(errors="replace"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
