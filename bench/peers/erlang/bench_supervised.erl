-module(bench_supervised).
-behaviour(supervisor).
-export([main/1, init/1, start/0]).

init([]) ->
    {ok, {#{strategy => simple_one_for_one},
          [#{id => worker, start => {?MODULE, start, []}, restart => temporary}]}}.

start() -> {ok, spawn_link(fun idle/0)}.

idle() -> receive shutdown -> done; _ -> idle() end.

start_all(N, N, Supervisor) -> proplists:get_value(active, supervisor:count_children(Supervisor));
start_all(I, N, Supervisor) ->
    {ok, _} = supervisor:start_child(Supervisor, []),
    start_all(I + 1, N, Supervisor).

main([N0]) ->
    N = list_to_integer(N0),
    bench:start(fun() ->
        {ok, Supervisor} = supervisor:start_link(?MODULE, []),
        bench:measure("supervised-start", 1, N, fun() -> start_all(0, N, Supervisor) end)
    end).
