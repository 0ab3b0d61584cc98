using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace FlowKit.Clip.Inference.Caching;

/// <summary>
/// Graphs as the runtime has optimised them, kept for the next start: they depend on the file, the runtime's version and the processor.
/// </summary>
internal static class OptimizedGraphs
{
    private const long MaxBytes = 1_500_000_000;
    private const int Samples = 16;
    private const int SampleSize = 16_384;
    private const string GraphName = "model.onnx";
    private const string WeightsName = "model.weights";

    /// <summary>The name of a graph's copy; <see langword="null"/> for one that is too large to be kept.</summary>
    internal static string? KeyOf(TowerFile file)
    {
        var facts = new FileInfo(file.Path);
        if (facts.Length > MaxBytes || file.HasExternal)
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(
            $"{OrtEnv.Instance().GetVersionString()};"
            + $"{Vector512.IsHardwareAccelerated};{Vector256.IsHardwareAccelerated};{AvxVnni.IsSupported};"
            + $"{facts.Length};{facts.LastWriteTimeUtc.Ticks};"));
        if (file.Content is { } content)
        {
            hash.AppendData(content);
        }
        else
        {
            Append(hash, file.Path, facts.Length);
        }

        return $"{Path.GetFileNameWithoutExtension(file.Path)}-{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8))}";
    }

    /// <summary>The graph in a copy's folder.</summary>
    internal static string GraphIn(string folder) => Path.Combine(folder, GraphName);

    /// <summary>
    /// Opens a session and keeps its graph, the weights beside it so that the next start maps them; a cache that cannot be written costs
    /// nothing but itself.
    /// </summary>
    internal static InferenceSession Save(string folder, SessionOptions settings, Func<InferenceSession> create)
    {
        var temporary = $"{folder}.{Guid.NewGuid():N}.part";
        try
        {
            Directory.CreateDirectory(temporary);
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            return create();
        }

        settings.OptimizedModelFilePath = GraphIn(temporary);
        settings.AddSessionConfigEntry("session.optimized_model_external_initializers_file_name", WeightsName);
        settings.AddSessionConfigEntry("session.optimized_model_external_initializers_min_size_in_bytes", "1024");
        InferenceSession session;
        try
        {
            session = create();
        }
        catch (OnnxRuntimeException)
        {
            // Whether the graph is wrong or only the disk is full, shows without the cache.
            UnfinishedFolder.Remove(temporary);
            settings.OptimizedModelFilePath = "";
            return create();
        }

        Publish(temporary, folder);
        return session;
    }

    /// <summary>The first of two processes that made the copy wins; both copies are good.</summary>
    private static void Publish(string temporary, string folder)
    {
        try
        {
            Directory.Move(temporary, folder);
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            UnfinishedFolder.Remove(temporary);
        }
    }

    /// <summary>Length, time and samples: reading all of it would take as long as loading it.</summary>
    private static void Append(IncrementalHash hash, string path, long length)
    {
        using var stream = File.OpenRead(path);
        var buffer = new byte[SampleSize];
        for (var sample = 0; sample < Samples; sample++)
        {
            stream.Seek(Math.Max(0, (length - SampleSize) * sample / (Samples - 1)), SeekOrigin.Begin);
            hash.AppendData(buffer, 0, stream.ReadAtLeast(buffer, SampleSize, throwOnEndOfStream: false));
        }
    }
}
