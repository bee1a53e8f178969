"""What tests stand on: harnesses, stand-ins without sockets, clocks, and readers of what is shown.

Which harness for which test:

=================================  ==========================================================
what is tested                     harness
=================================  ==========================================================
rows, units, migrations            the fixture ``db`` of ``tests/storage``, ``stored_rows``
the client, the gate               ``scripted_platform``; a site on the loopback: ``tests/zjy``
how a course is studied            ``study_harness``: the engine before the stand-in, virtual time
accounts, drafts, durable jobs     ``jobs_harness``: all below the chat; ``kill_and_start``
the same in any order              ``tests/jobs/machine.py``: virtual time, held at each commit
the outbox alone                   ``fake_bot_api``: calls that fail as the test says
notices, the progress message      ``chat_harness``: outbox, reporter, a real bot
when a digest is due, what it says ``digest_harness``: any date, virtual time
how a digest comes                 ``digest_chat_harness``: the same with the real outbox
a screen, a picture                ``all_screens`` and ``rendered``; ``image_asserts``
a whole conversation               ``app_harness``: the application; ``digest_day`` on top
a start, a signal, a crash         ``bot_process``, ``demo.stage``, ``tests/prove``; all start the
                                   bot by ``warm_start``, which says what does not
the stand-ins and the demo's page  ``student_client``, ``bot_api_client``, ``phone_harness``
=================================  ==========================================================

Take the lowest that can show it: it is the fastest, and says most exactly what broke.

All harnesses of the bot are a :class:`~tests.support.open_bot.Bot` up to a floor, which is built in
``open_bot.py`` alone: real parts, real files. ``in_process_transport`` carries requests to both
stand-ins and can be shut, watched and delayed. ``clocks`` has every clock: virtual, fast, jumping,
set by hand. ``platform_view`` is what a test does and sees at the platform, ``shown`` what a chat
shows, ``names`` who the people are.
"""
