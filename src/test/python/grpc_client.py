"""Makes each kind of gRPC call, and each kind of end: python3 grpc_client.py HOST:PORT."""

import queue
import sys
import time

import grpc

channel = grpc.insecure_channel(sys.argv[1])
LIMIT = 60


def unary(name):
    return channel.unary_unary("/test.Test/" + name)


def server_streams(name):
    return channel.unary_stream("/test.Test/" + name)


def counted(name):
    return int(unary("Counted")(name.encode(), timeout=LIMIT))


def until(wanted, what):
    end = time.monotonic() + LIMIT
    while not what():
        assert time.monotonic() < end, wanted
        time.sleep(0.05)


def one_answer():
    answer, call = unary("Unary").with_call(b"hello", metadata=(("asked", "yes"),), timeout=LIMIT)
    assert answer == b"hello"
    assert ("head", "yes") in [tuple(each) for each in call.initial_metadata()]
    assert ("tail-bin", b"\x00\xff") in [tuple(each) for each in call.trailing_metadata()]
    assert unary("Unary")(b"", timeout=LIMIT) == b""
    large = bytes(3 << 20)
    assert unary("Unary")(large, timeout=LIMIT) == large


def an_error():
    try:
        unary("Fail")(b"", timeout=LIMIT)
        raise AssertionError("it did not fail")
    except grpc.RpcError as e:
        assert e.code() == grpc.StatusCode.INVALID_ARGUMENT, e
        assert e.details() == "not so, 100 %", e
        assert ("why", "because") in [tuple(each) for each in e.trailing_metadata()]
    try:
        unary("Absent")(b"", timeout=LIMIT)
        raise AssertionError("it was there")
    except grpc.RpcError as e:
        assert e.code() == grpc.StatusCode.UNIMPLEMENTED, e


def streams():
    got = list(server_streams("Numbers")(b"1000", timeout=LIMIT))
    assert got == [str(number).encode() for number in range(1000)]
    sum_of = channel.stream_unary("/test.Test/Total")
    assert sum_of(iter([bytes(1000)] * 5000), timeout=LIMIT) == b"5000000"


def both_ways(streams_at_once):
    """Each asks again when it was answered; all of them are open at the same time."""
    calls = []
    for _ in range(streams_at_once):
        asked = queue.Queue()
        calls.append((asked, channel.stream_stream("/test.Test/Echo")(iter(asked.get, None), timeout=LIMIT)))
    for turn in range(10):
        for number, (asked, _) in enumerate(calls):
            asked.put(f"{number}.{turn}".encode())
        for number, (_, answers) in enumerate(calls):
            assert next(answers) == f"{number}.{turn}".encode()
    for asked, answers in calls:
        asked.put(None)
        assert list(answers) == []
        assert answers.code() == grpc.StatusCode.OK


def ends():
    before = counted("cancelled")
    call = server_streams("Endless")(b"", timeout=LIMIT)
    assert next(call) == b"begun"
    call.cancel()
    until("a cancelled call to end in the sandbox", lambda: counted("cancelled") == before + 1)
    late = server_streams("Endless")(b"", timeout=1)
    try:
        list(late)
        raise AssertionError("it was not late")
    except grpc.RpcError as e:
        assert e.code() == grpc.StatusCode.DEADLINE_EXCEEDED, e
    until("a late call to end in the sandbox", lambda: counted("cancelled") == before + 2)


def slow_reader():
    """256 MiB of which one piece is read: what was made ahead is bounded, and then all of it comes."""
    pieces = 4096
    before = counted("produced")
    call = server_streams("Pieces")(str(pieces).encode(), timeout=LIMIT)
    next(call)
    seen = -1
    while seen != (seen := counted("produced")):
        time.sleep(1)
    assert seen - before < pieces // 4, seen - before
    assert sum(1 for _ in call) == pieces - 1
    print("made ahead of a slow reader:", seen - before, "pieces of 64 KiB")


one_answer()
an_error()
streams()
both_ways(1)
both_ways(100)
ends()
slow_reader()
print("every step held")
