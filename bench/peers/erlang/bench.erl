%% How a benchmark measures itself: the counterpart of bench/prog/measure.scm.
-module(bench).
-export([start/1, measure/4, report/4, mark/2]).

%% Runs Main in a process of its own (not in the one that boots the system).
start(Main) ->
    spawn(fun() -> Main(), halt() end).

measure(Metric, Repeats, Operations, Thunk) ->
    Start = erlang:monotonic_time(nanosecond),
    Result = repeat(Repeats, Thunk),
    report(Metric, erlang:monotonic_time(nanosecond) - Start, Repeats * Operations, Result).

repeat(1, Thunk) -> Thunk();
repeat(N, Thunk) -> Thunk(), repeat(N - 1, Thunk).

report(Metric, Nanoseconds, Operations, Result) ->
    io:format("~s ~w ~w ~w~n", [Metric, Nanoseconds, Operations, Result]).

%% The harness looks at the size of the OS process when it reads this line.
mark(Name, Seconds) ->
    io:format("mark ~s~n", [Name]),
    timer:sleep(round(Seconds * 1000)).
