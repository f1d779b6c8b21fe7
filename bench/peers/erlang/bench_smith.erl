-module(bench_smith).
-export([main/1]).

-define(LENGTH, 32).

next_random(Seed) -> (Seed * 1103515245 + 12345) rem 2147483648.

make_sequence(0, _) -> [];
make_sequence(Length, Seed) -> [(Seed div 65536) rem 20 | make_sequence(Length - 1, next_random(Seed))].

make_sequences(0, _) -> [];
make_sequences(N, Seed) -> [make_sequence(?LENGTH, Seed) | make_sequences(N - 1, next_random(Seed + N))].

larger(A, B) when A < B -> B;
larger(A, _) -> A.

%% A cell: best score of an alignment that ends here, that ends here with a gap in
%% the row, that ends here with a gap in the column.
cell(Top, Side, {UpperLeft, _, _}, {Upper, _, UpperGap}, {Left, LeftGap, _}) ->
    InRow = larger(Left - 3, LeftGap - 1),
    InColumn = larger(Upper - 3, UpperGap - 1),
    Match = UpperLeft + (if Top =:= Side -> 2; true -> -1 end),
    {larger(0, larger(Match, larger(InRow, InColumn))), InRow, InColumn}.

next_row([], _, _, _, _) -> [];
next_row([Top | Tops], Side, [Upper | Above], UpperLeft, Left) ->
    Cell = cell(Top, Side, UpperLeft, Upper, Left),
    [Cell | next_row(Tops, Side, Above, Upper, Cell)].

best_of_row([], Score) -> Score;
best_of_row([{Best, _, _} | Row], Score) -> best_of_row(Row, larger(Score, Best)).

match_rows(_, [], _, Score) -> Score;
match_rows(Tops, [Side | Sides], Above, Score) ->
    Row = next_row(Tops, Side, Above, {0, 0, 0}, {0, 0, 0}),
    match_rows(Tops, Sides, Row, best_of_row(Row, Score)).

zero_row(Tops) -> [{0, 0, 0} || _ <- Tops].

match_all([], _, Sum) -> Sum;
match_all([Tops | Sequences], Side, Sum) ->
    match_all(Sequences, Side, Sum + match_rows(Tops, Side, zero_row(Tops), 0)).

main([N, Repeats]) ->
    bench:start(fun() ->
        Sequences = make_sequences(list_to_integer(N), 1),
        Side = make_sequence(?LENGTH, 0),
        bench:measure("smith", list_to_integer(Repeats), 1, fun() -> match_all(Sequences, Side, 0) end)
    end).
