-module(bench_idle).
-export([main/1]).

idle() -> receive stop -> stopped end.

spawn_idle(0) -> ok;
spawn_idle(N) -> spawn(fun idle/0), spawn_idle(N - 1).

main([N0, Seconds0]) ->
    N = list_to_integer(N0),
    Seconds = list_to_integer(Seconds0),
    bench:start(fun() ->
        bench:mark("before", Seconds),
        spawn_idle(N),
        bench:mark("after", Seconds)
    end).
