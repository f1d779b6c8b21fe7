-module(bench_node_pingpong).
-export([serve/0, main/1, pong/0]).

serve() -> bench_node:serve().

pong() ->
    receive {From, Message} -> From ! Message, pong() end.

ping(0, _, _, Message) -> length(Message);
ping(N, Me, Peer, Message) ->
    Peer ! {Me, Message},
    receive Reply -> ping(N - 1, Me, Peer, Reply) end.

main([Other, N0]) ->
    N = list_to_integer(N0),
    bench_node:main(Other, fun(Node) ->
        Me = self(),
        Peer = spawn(Node, ?MODULE, pong, []),
        ping(100, Me, Peer, []),
        [begin
             Message = lists:seq(Size, 1, -1),
             bench:measure("node-pingpong-" ++ integer_to_list(Size), 1, 2 * N, fun() -> ping(N, Me, Peer, Message) end)
         end || Size <- [0, 1000]]
    end).
