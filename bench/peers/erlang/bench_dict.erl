-module(bench_dict).
-export([main/1]).

key(I) -> (I * 7919) rem 1000003.

insert(N, N, D) -> D;
insert(I, N, D) -> insert(I + 1, N, maps:put(key(I), I, D)).

add_up(N, N, _, Sum) -> Sum;
add_up(I, N, D, Sum) -> add_up(I + 1, N, D, Sum + maps:get(key(I), D)).

main([N0]) ->
    N = list_to_integer(N0),
    bench:start(fun() ->
        bench:measure("dict-insert", 1, N, fun() -> maps:size(insert(0, N, #{})) end),
        D = insert(0, N, #{}),
        bench:measure("dict-lookup", 1, N, fun() -> add_up(0, N, D, 0) end)
    end).
