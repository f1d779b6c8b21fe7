-module(bench_nrev).
-export([main/1]).

join([], B) -> B;
join([H | T], B) -> [H | join(T, B)].

nrev([]) -> [];
nrev([H | T]) -> join(nrev(T), [H]).

main([N, Repeats]) ->
    bench:start(fun() ->
        Numbers = lists:seq(list_to_integer(N), 1, -1),
        bench:measure("nrev", list_to_integer(Repeats), 1, fun() -> hd(nrev(Numbers)) end)
    end).
