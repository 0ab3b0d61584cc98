using FlowKit.Benchmarks;

return args switch
{
    ["preprocess", var folder] => PreprocessBenchmark.Serve(folder),
    ["fast-cosine", var folder, var model] => FastModeComparison.Run(folder, model),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        FlowKit.Benchmarks preprocess <photos>            one pass over the photos for each line on standard input; seconds on standard output
        FlowKit.Benchmarks fast-cosine <photos> <model>   the cosine between embeddings of exact and fast preprocessing
        """);
    return 2;
}
