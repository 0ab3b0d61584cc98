using System.Runtime.InteropServices;
using FlowKit.Tests;

namespace FlowKit.Clip.Tests;

/// <summary>The prototype model in the shared data, and what its trainer says it answers.</summary>
internal static class PrototypeModel
{
    internal const string Needs = "prototypes/tiny-clip/out";
    internal const int References = 5;
    internal const int Dimension = 512;

    internal static string Folder => SharedData.At("prototypes", "tiny-clip", "out");

    internal static float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(Folder, name))).ToArray();

    internal static ClipModel Open(ClipModelOptions? options = null) => ClipModel.Open(Folder, options);

    /// <summary>A folder with copies that a test may damage.</summary>
    internal static DirectoryInfo Copy(params (string From, string To)[] files)
    {
        var folder = Directory.CreateTempSubdirectory("flowkit-model");
        foreach (var (from, to) in files)
        {
            var target = Path.Combine(folder.FullName, to);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, File.ReadAllBytes(Path.Combine(Folder, from)));
        }

        return folder;
    }

    internal static DirectoryInfo CopyAll() => Copy([.. new[] { "vision_model.onnx", "text_model.onnx", "merges.txt", "vocab.json", "config.json", "preprocessor_config.json" }.Select(static name => (name, name))]);
}
