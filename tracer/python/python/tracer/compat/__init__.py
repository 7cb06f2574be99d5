"""Other libraries' names: a program runs with only its import changed.

`pyinotify`, `inotifyx`, and python3-audit's `auparse` and `audit`.
"""
