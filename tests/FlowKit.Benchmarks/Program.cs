using System.Globalization;
using FlowKit.Benchmarks;
using FlowKit.Benchmarks.Hops;
using FlowKit.Benchmarks.Jina;
using FlowKit.Benchmarks.Runtime;
using FlowKit.Benchmarks.Wire;

return args switch
{
    ["preprocess", var folder] => PreprocessBenchmark.Serve(folder),
    ["fast-cosine", var folder, var model] => FastModeComparison.Run(folder, model),
    ["encode", var model, var repeats] => await EncodeBenchmark.RunAsync(model, int.Parse(repeats, CultureInfo.InvariantCulture)),
    ["http-contenders"] => await HttpContenders.ServeAsync(),
    ["grpc-contenders", var file] => await GrpcContenders.ServeAsync(file),
    ["share", var photos] => await ShareReport.RunAsync(photos),
    ["clip", var name, .. var rest] => await ClipBenchmarks.RunAsync(name, rest) ?? Usage(),
    ["codec", var turns] => await CodecBenchmark.RunAsync(int.Parse(turns, CultureInfo.InvariantCulture)),
    ["jina", var turns, .. var addresses] => await SideBySide.RunAsync(int.Parse(turns, CultureInfo.InvariantCulture), addresses),
    ["hops", var turns] => await HopBenchmark.RunAsync(int.Parse(turns, CultureInfo.InvariantCulture)),
    ["hop-peer", var address] => RawSocket.Serve(address),
    ["runtime", var name, var number] => await RuntimeBenchmarks.RunAsync(name, number) ?? Usage(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine($"""
        FlowKit.Benchmarks preprocess <photos>            one pass over the photos for each line on standard input; seconds on standard output
        FlowKit.Benchmarks fast-cosine <photos> <model>   the cosine between embeddings of exact and fast preprocessing
        FlowKit.Benchmarks encode <model> <repeats>       R6: the whole HTTP flow against bare InferenceSession.Run
        FlowKit.Benchmarks http-contenders                R3: a no-op flow and bare Kestrel, until standard input ends; eng/bench/r3.sh loads them
        FlowKit.Benchmarks grpc-contenders <file>         R4: the same over gRPC; the request's bytes are written to the file
        FlowKit.Benchmarks share <photos>                 where the time of an indexed JPEG goes
        FlowKit.Benchmarks clip <name> [...]              the models: {ClipBenchmarks.Names}
        FlowKit.Benchmarks codec <turns>                  our protobuf codec against Google's classes and a copy
        FlowKit.Benchmarks hops <turns>                   R21: executors in processes and containers against a bare Unix socket
        FlowKit.Benchmarks jina <turns> [grpc http]       three no-op executors beside a running Jina, or against recorded figures
        FlowKit.Benchmarks runtime <name> <turns>         the runtime (for overload, <seconds>): {RuntimeBenchmarks.Names}
        """);
    return 2;
}
