using System.Text.Json;

namespace FlowKit.Imaging.Tests;

/// <summary>A small file and the RGB that Pillow makes of it; written by testdata/make.py.</summary>
public sealed record PillowFile(string Name, byte[] File, int Width, int Height, byte[] Rgb)
{
    private static readonly Dictionary<string, List<PillowFile>> Sets = Load();

    public static IEnumerable<PillowFile> Plain => Sets["plain"];

    public static IEnumerable<PillowFile> Turned => Sets["turned"];

    public static byte[] Named(string name) => Plain.Single(file => file.Name == name).File;

    private static Dictionary<string, List<PillowFile>> Load()
    {
        using var stream = typeof(PillowFile).Assembly.GetManifestResourceStream("pillow.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, List<PillowFile>>>(stream, JsonSerializerOptions.Web)!;
    }
}
