%% What the benchmarks of two nodes share: the node that serves says its name, the other one is told it.
-module(bench_node).
-export([main/2, serve/0]).

serve() -> io:format("ready ~s~n", [node()]).

%% Runs Main with the name of the other node.
main(Other, Main) ->
    Node = list_to_atom(Other),
    bench:start(fun() -> true = net_kernel:connect_node(Node), Main(Node) end).
