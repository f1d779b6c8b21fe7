-module(bench_qsort).
-export([main/1]).

%% Sorts the list in front of Sorted.
qsort([], Sorted) -> Sorted;
qsort([Pivot | List], Sorted) -> split(Pivot, List, [], [], Sorted).

split(Pivot, [], Less, Rest, Sorted) ->
    qsort(Less, [Pivot | qsort(Rest, Sorted)]);
split(Pivot, [H | T], Less, Rest, Sorted) when H < Pivot ->
    split(Pivot, T, [H | Less], Rest, Sorted);
split(Pivot, [H | T], Less, Rest, Sorted) ->
    split(Pivot, T, Less, [H | Rest], Sorted).

random_list(0, _) -> [];
random_list(N, Seed) -> [Seed | random_list(N - 1, (Seed * 1103515245 + 12345) rem 2147483648)].

signature([_], Sum) -> Sum;
signature([A | [B | _] = Rest], Sum) -> signature(Rest, (B - A) - Sum).

main([N, Repeats]) ->
    bench:start(fun() ->
        Numbers = random_list(list_to_integer(N), 42),
        bench:measure("qsort", list_to_integer(Repeats), 1, fun() -> signature(qsort(Numbers, []), 0) end)
    end).
