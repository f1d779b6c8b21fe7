-module(bench_server).
-behaviour(gen_server).
-export([main/1, init/1, handle_call/3, handle_cast/2]).

init(State) -> {ok, State}.
handle_call(Term, _, State) -> {reply, Term, State + 1}.
handle_cast(_, State) -> {noreply, State}.

server() ->
    receive {From, Tag, Request} -> From ! {Tag, Request}, server() end.

ask(0, _, Last) -> Last;
ask(N, Peer, _) ->
    Tag = make_ref(),
    Peer ! {self(), Tag, N},
    receive {Tag, Reply} -> ask(N - 1, Peer, Reply) end.

call(0, _, Last) -> Last;
call(N, Peer, _) -> call(N - 1, Peer, gen_server:call(Peer, N)).

main([N0]) ->
    N = list_to_integer(N0),
    bench:start(fun() ->
        Bare = spawn(fun server/0),
        {ok, Generic} = gen_server:start(?MODULE, 0, []),
        ask(10000, Bare, 0),
        bench:measure("server-bare", 1, N, fun() -> ask(N, Bare, 0) end),
        call(10000, Generic, 0),
        bench:measure("server-call", 1, N, fun() -> call(N, Generic, 0) end)
    end).
