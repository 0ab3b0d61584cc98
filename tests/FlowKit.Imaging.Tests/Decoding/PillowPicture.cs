using System.Text.Json;

namespace FlowKit.Imaging.Tests;

/// <summary>A small file and the answer of Pillow; written by eng/pillow/make.py.</summary>
/// <param name="Name">Its name.</param>
/// <param name="File">Its bytes.</param>
/// <param name="Width">Pixels in a row; 0 where Pillow refuses the file.</param>
/// <param name="Height">Rows.</param>
/// <param name="Sha256">The hash of the RGB bytes; <see langword="null"/> where Pillow refuses the file.</param>
public sealed record PillowPicture(string Name, byte[] File, int Width, int Height, string? Sha256)
{
    public static IReadOnlyList<PillowPicture> All { get; } = [.. Load()];

    private static IEnumerable<PillowPicture> Load()
    {
        using var reader = new StreamReader(typeof(PillowPicture).Assembly.GetManifestResourceStream("pictures.jsonl")!);
        while (reader.ReadLine() is { } line)
        {
            yield return JsonSerializer.Deserialize<PillowPicture>(line, JsonSerializerOptions.Web)!;
        }
    }
}
