"""The development ground: everything script/server, script/test and script/lint share.

One concern per module, standard library only, so that it runs before any
virtual environment exists. All that it makes lives in one folder (``Ground.dev``).
"""
