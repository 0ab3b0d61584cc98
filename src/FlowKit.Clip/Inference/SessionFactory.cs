using FlowKit.Clip.Inference.Caching;
using FlowKit.Clip.Inference.Devices;
using Microsoft.ML.OnnxRuntime;

namespace FlowKit.Clip.Inference;

/// <summary>Opens graphs as sessions, on the device that is asked for.</summary>
internal static class SessionFactory
{
    /// <summary>Opens a graph.</summary>
    /// <param name="file">The graph.</param>
    /// <param name="options">Device, threads, cache.</param>
    /// <returns>The session, the device it runs on, and whether it came optimised from the cache.</returns>
    /// <exception cref="FlowKitException">A file that is not a working graph, or a device that is not there.</exception>
    internal static (InferenceSession Session, string Device, bool FromCache) Open(TowerFile file, ClipModelOptions options)
    {
        using var settings = Settings(file, options);
        var device = ExecutionDevice.Use(settings, options);
        try
        {
            return options.OptimizedCache is { Length: > 0 } folder && device == "cpu" && OptimizedGraphs.KeyOf(file) is { } key
                ? Through(Path.Combine(folder, key), file, settings, options)
                : (Create(file, settings), device, false);
        }
        catch (OnnxRuntimeException exception)
        {
            throw ExecutionDevice.Explain(exception, options)
                ?? new FlowKitException(
                    FlowErrorCode.DataLoss,
                    $"The model file {file.Path} is not an ONNX graph that can be run: {exception.Message}",
                    exception);
        }
    }

    private static SessionOptions Settings(TowerFile file, ClipModelOptions options)
    {
        var settings = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            EnableMemoryPattern = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            IntraOpNumThreads = options.InferenceThreads,
            InterOpNumThreads = 1,
        };

        // Spinning threads starve the neighbours (decoders, other towers, other executors); for latency they spin within a run only.
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", options.Tuning == ClipTuning.Latency ? "1" : "0");
        if (options.Tuning == ClipTuning.Latency)
        {
            settings.AddSessionConfigEntry("session.force_spinning_stop", "1");

            // Long enough for the gap between two nodes; without a limit, neighbours and the call itself lose by it.
            settings.AddSessionConfigEntry("session.intra_op.spin_duration_us", "50");
        }

        if (options.Device == "cpu")
        {
            // The CPU's own kernel for a whole normalisation goes value by value; the nodes that exporters write for it are vectorised.
            settings.AddSessionConfigEntry("optimization.disable_specified_optimizers", "LayerNormFusionL1;LayerNormFusionL2");
        }

        if (file is { HasExternal: true, Content: not null })
        {
            settings.AddSessionConfigEntry(
                "session.model_external_initializers_file_folder_path", Path.GetDirectoryName(Path.GetFullPath(file.Path))!);
        }

        return settings;
    }

    private static InferenceSession Create(TowerFile file, SessionOptions settings) =>
        file.Content is { } content ? new InferenceSession(content, settings) : new InferenceSession(file.Path, settings);

    private static (InferenceSession Session, string Device, bool FromCache) Through(
        string cached, TowerFile file, SessionOptions settings, ClipModelOptions options)
    {
        if (Directory.Exists(cached))
        {
            using var asItIs = Settings(file, options);
            asItIs.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
            try
            {
                return (new InferenceSession(OptimizedGraphs.GraphIn(cached), asItIs), "cpu", true);
            }
            catch (OnnxRuntimeException)
            {
                // A damaged copy is only a copy: it is made again below.
                UnfinishedFolder.Remove(cached);
            }
        }

        return (OptimizedGraphs.Save(cached, settings, () => Create(file, settings)), "cpu", false);
    }
}
