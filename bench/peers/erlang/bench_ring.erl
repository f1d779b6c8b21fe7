-module(bench_ring).
-export([main/1]).

loop(Next) ->
    receive
        0 -> Next ! 0;
        K -> Next ! K - 1, loop(Next)
    end.

make_nodes(0, Next) -> Next;
make_nodes(N, Next) -> make_nodes(N - 1, spawn(fun() -> loop(Next) end)).

main([N0, K0]) ->
    N = list_to_integer(N0),
    K = list_to_integer(K0),
    bench:start(fun() ->
        Me = self(),
        bench:measure("ring-" ++ K0, 1, N, fun() ->
            First = make_nodes(N - 1, Me),
            First ! K,
            loop(First),
            done
        end)
    end).
