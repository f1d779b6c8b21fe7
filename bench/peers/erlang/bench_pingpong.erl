-module(bench_pingpong).
-export([main/1]).

pong() ->
    receive {From, Message} -> From ! Message, pong() end.

ping(0, _, _, Message) -> length(Message);
ping(N, Me, Peer, Message) ->
    Peer ! {Me, Message},
    receive Reply -> ping(N - 1, Me, Peer, Reply) end.

main([N0]) ->
    N = list_to_integer(N0),
    bench:start(fun() ->
        Me = self(),
        Peer = spawn(fun pong/0),
        [begin
             Message = lists:seq(Size, 1, -1),
             bench:measure("pingpong-" ++ integer_to_list(Size), 1, 2 * N, fun() -> ping(N, Me, Peer, Message) end)
         end || Size <- [0, 10, 20, 50, 100, 200, 500, 1000]]
    end).
