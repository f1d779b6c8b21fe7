%% The start of the virtual machine.
-module(bench_hello).
-export([main/0]).

main() -> io:format("hello~n"), halt().
