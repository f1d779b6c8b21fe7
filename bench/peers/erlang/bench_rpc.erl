-module(bench_rpc).
-export([main/1]).

server() ->
    receive {From, Tag, Request} -> From ! {Tag, Request}, server() end.

call(0, _, Last) -> Last;
call(N, Peer, _) ->
    Tag = make_ref(),
    Peer ! {self(), Tag, N},
    receive {Tag, Reply} -> call(N - 1, Peer, Reply) end.

main([N0, Backlog]) ->
    N = list_to_integer(N0),
    bench:start(fun() ->
        Peer = spawn(fun server/0),
        bench:measure("rpc-empty", 1, N, fun() -> call(N, Peer, 0) end),
        [self() ! {junk, I} || I <- lists:seq(1, list_to_integer(Backlog))],
        bench:measure("rpc-backlog", 1, N, fun() -> call(N, Peer, 0) end)
    end).
