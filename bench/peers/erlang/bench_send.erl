-module(bench_send).
-export([main/1]).

send_and_receive(_, 0, Last) -> Last;
send_and_receive(Me, N, _) ->
    Me ! N,
    receive Message -> send_and_receive(Me, N - 1, Message) end.

main([N0]) ->
    N = list_to_integer(N0),
    bench:start(fun() ->
        Me = self(),
        bench:measure("send", 1, N, fun() -> send_and_receive(Me, N, 0) end)
    end).
