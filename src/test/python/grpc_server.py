"""A gRPC server without TLS whose messages are bytes: python3 grpc_server.py PORT."""

import sys
import threading
from concurrent import futures

import grpc

PIECE = bytes(64 << 10)
lock = threading.Lock()
counts = {"cancelled": 0, "produced": 0}


def count(name):
    with lock:
        counts[name] += 1


def unary(request, context):
    sent = dict(context.invocation_metadata())
    context.send_initial_metadata((("head", sent.get("asked", "")),))
    context.set_trailing_metadata((("tail-bin", b"\x00\xff"),))
    return request


def fail(request, context):
    context.set_trailing_metadata((("why", "because"),))
    context.abort(grpc.StatusCode.INVALID_ARGUMENT, "not so, 100 %")


def counted(request, context):
    with lock:
        return str(counts[request.decode()]).encode()


def numbers(request, context):
    for number in range(int(request)):
        yield str(number).encode()


def pieces(request, context):
    for _ in range(int(request)):
        count("produced")
        yield PIECE


def total(requests, context):
    return str(sum(len(each) for each in requests)).encode()


def echo(requests, context):
    for each in requests:
        yield each


def endless(request, context):
    """Says one thing, and no more until the client has gone."""
    over = threading.Event()
    context.add_callback(over.set)
    yield b"begun"
    over.wait()
    count("cancelled")


def main():
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=128))
    handlers = {
        "Unary": grpc.unary_unary_rpc_method_handler(unary),
        "Fail": grpc.unary_unary_rpc_method_handler(fail),
        "Counted": grpc.unary_unary_rpc_method_handler(counted),
        "Numbers": grpc.unary_stream_rpc_method_handler(numbers),
        "Pieces": grpc.unary_stream_rpc_method_handler(pieces),
        "Endless": grpc.unary_stream_rpc_method_handler(endless),
        "Total": grpc.stream_unary_rpc_method_handler(total),
        "Echo": grpc.stream_stream_rpc_method_handler(echo),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("test.Test", handlers),))
    server.add_insecure_port("0.0.0.0:" + sys.argv[1])
    server.start()
    server.wait_for_termination()


main()
