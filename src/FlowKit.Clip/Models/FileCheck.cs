using System.Security.Cryptography;
using System.Text;
using FlowKit.Clip.Onnx;

namespace FlowKit.Clip.Models;

/// <summary>Checks that a model's files are there and are the ones its card names.</summary>
internal static class FileCheck
{
    private const int Sample = 65_536;

    /// <summary>Checks presence, length and SHA-256.</summary>
    /// <exception cref="FlowKitException">
    /// A file is missing (<see cref="FlowErrorCode.NotFound"/>) or another one (<see cref="FlowErrorCode.DataLoss"/>).
    /// </exception>
    internal static void Verify(string folder, ClipModelFile file)
    {
        var path = Path.Combine(folder, file.Path);
        if (!File.Exists(path))
        {
            throw new FlowKitException(FlowErrorCode.NotFound, $"The model file {path} is missing.");
        }

        if (file.Bytes is { } bytes && new FileInfo(path).Length is var length && length != bytes)
        {
            throw new FlowKitException(FlowErrorCode.DataLoss, $"The model file {path} has {length} bytes; its card says {bytes}.");
        }

        if (file.Sha256 is { } expected)
        {
            using var stream = File.OpenRead(path);
            var actual = Convert.ToHexStringLower(SHA256.HashData(stream));
            if (!actual.Equals(expected, StringComparison.OrdinalIgnoreCase))
            {
                throw new FlowKitException(
                    FlowErrorCode.DataLoss,
                    $"The model file {path} has SHA-256 {actual}; its card says {expected}.");
            }
        }
    }

    /// <summary>
    /// A short stamp of a model without a card: a hash of each file's length, first and last 64 KiB, weights beside the graphs included.
    /// </summary>
    internal static string Fingerprint(string folder, ClipModelFiles files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[Sample];
        foreach (var file in files.All().SelectMany(file => External(folder, file).Prepend(file.Path)).Distinct())
        {
            using var stream = File.OpenRead(Path.Combine(folder, file));
            hash.AppendData(Encoding.UTF8.GetBytes($"{file}:{stream.Length};"));
            hash.AppendData(buffer, 0, stream.ReadAtLeast(buffer, Sample, throwOnEndOfStream: false));
            stream.Seek(Math.Max(0, stream.Length - Sample), SeekOrigin.Begin);
            hash.AppendData(buffer, 0, stream.ReadAtLeast(buffer, Sample, throwOnEndOfStream: false));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 4));
    }

    /// <summary>The files beside a graph that hold its weights; a graph that is no graph has none.</summary>
    internal static IEnumerable<string> External(string folder, ClipModelFile file)
    {
        try
        {
            return file.Path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
                ?
                [
                    .. OnnxHeader.Read(Path.Combine(folder, file.Path)).ExternalFiles
                        .Select(name => Path.Combine(Path.GetDirectoryName(file.Path)!, name))
                        .Where(name => File.Exists(Path.Combine(folder, name))),
                ]
                : [];
        }
        catch (FlowKitException)
        {
            // The runtime says what is wrong with it when it is opened.
            return [];
        }
    }
}
