using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace FlowKit.Clip;

/// <summary>Graphs as the runtime has optimised them, kept for the next start: they depend on the file, the runtime's version and the processor.</summary>
internal static class OptimizedGraphs
{
    private const long Largest = 1_500_000_000;

    /// <summary>The name of a graph's copy; <see langword="null"/> for one that is too large to be kept as one file.</summary>
    internal static string? KeyOf(TowerFile file)
    {
        var length = new FileInfo(file.Path).Length;
        if (length > Largest || file.HasExternal)
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{OrtEnv.Instance().GetVersionString()};{Vector512.IsHardwareAccelerated};{Vector256.IsHardwareAccelerated};{AvxVnni.IsSupported};{length};"));
        if (file.Content is { } content)
        {
            hash.AppendData(content);
        }
        else
        {
            using var stream = File.OpenRead(file.Path);
            Append(hash, stream);
        }

        return $"{Path.GetFileNameWithoutExtension(file.Path)}-{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8))}";
    }

    /// <summary>Opens a session and keeps its graph; a cache that cannot be written costs nothing but itself.</summary>
    internal static InferenceSession Save(string path, SessionOptions settings, Func<InferenceSession> create)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            settings.OptimizedModelFilePath = temporary;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return create();
        }

        InferenceSession session;
        try
        {
            session = create();
        }
        catch (OnnxRuntimeException)
        {
            // Whether the graph is wrong or only the disk is full, shows without the cache.
            File.Delete(temporary);
            settings.OptimizedModelFilePath = "";
            return create();
        }

        if (File.Exists(temporary))
        {
            File.Move(temporary, path, overwrite: true);
        }

        return session;
    }

    private static void Append(IncrementalHash hash, FileStream stream)
    {
        var buffer = new byte[1 << 20];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            hash.AppendData(buffer, 0, read);
        }
    }
}
