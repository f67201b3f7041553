"""SIGKILL at every step of every kind of edit, however the server behaves: ``python -m tests.sync.kill``.

A child process that has everything imported forks for each case; the fork edits and sends with the real library and
the real client over loopback, and kills itself at the step that the case names. The server outlives it, and so does
the file: the program is started again on both, and what comes of it is compared with what comes of the same edits
when nothing goes wrong.
"""
