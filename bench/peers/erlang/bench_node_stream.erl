-module(bench_node_stream).
-export([serve/0, main/1, sink/1]).

serve() -> bench_node:serve().

size_of(Message) when is_binary(Message) -> byte_size(Message);
size_of(Message) when is_list(Message) -> hd(Message);
size_of(Message) -> Message.

sink(From) -> receive N -> sink(From, N, 0) end.

sink(From, 0, Sum) -> From ! Sum;
sink(From, N, Sum) -> receive Message -> sink(From, N - 1, Sum + size_of(Message)) end.

stream(Node, N, Message) ->
    Peer = spawn(Node, ?MODULE, sink, [self()]),
    Peer ! N,
    send(Peer, N, Message),
    receive Sum -> Sum end.

send(_, 0, _) -> ok;
send(Peer, N, Message) -> Peer ! Message, send(Peer, N - 1, Message).

main([Other, Megabytes0, Lists0, Messages0]) ->
    [Megabytes, Lists, Messages] = [list_to_integer(A) || A <- [Megabytes0, Lists0, Messages0]],
    bench_node:main(Other, fun(Node) ->
        stream(Node, 10, 1),
        bench:measure("node-megabytes", 1, Megabytes, fun() -> stream(Node, Megabytes, binary:copy(<<7>>, 1000000)) end),
        bench:measure("node-lists", 1, Lists * 200000, fun() -> stream(Node, Lists, lists:seq(200000, 1, -1)) end),
        bench:measure("node-oneway", 1, Messages, fun() -> stream(Node, Messages, 1) end)
    end).
