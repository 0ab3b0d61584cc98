using FlowKit.Clip;

namespace FlowKit.Benchmarks;

/// <summary>R18: what a further replica in the process costs in memory, as a share of the model's size; and what a model of its own would.</summary>
internal static class SharedMemoryBenchmark
{
    private const int Replicas = 4;

    internal static int Run(string folder)
    {
        var size = new FileInfo(Path.Combine(folder, "visual.onnx")).Length + new FileInfo(Path.Combine(folder, "textual.onnx")).Length;
        var leases = new List<ClipModelLease> { Acquire(folder) };
        var before = Resident();
        for (var i = 0; i < Replicas; i++)
        {
            leases.Add(Acquire(folder));
        }

        var shared = (Resident() - before) / (double)Replicas;
        before = Resident();
        using var apart = ClipModel.Open(folder);
        Use(apart);
        var own = Resident() - before;
        Console.WriteLine(FormattableString.Invariant($"model {size >> 20} MiB; a further replica {shared / 1048576:0.0} MiB, a model of its own {own >> 20} MiB"));
        leases.ForEach(static lease => lease.Dispose());
        return Ratio.PrintAtMost("R18", Math.Max(0, shared) / size, 0.02);
    }

    private static ClipModelLease Acquire(string folder)
    {
        var lease = ClipModelCache.Acquire(folder);
        Use(lease.Model);
        return lease;
    }

    private static void Use(ClipModel model)
    {
        model.EncodeTexts(["a photo of a cat"]);
        model.EncodePixels(new float[model.Preprocessor.TensorLength], 1);
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Environment.WorkingSet;
    }
}
