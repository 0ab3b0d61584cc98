using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowKit.Hosting.Inputs;

/// <summary>The marks of a workspace, in one small file that is replaced as a whole.</summary>
internal sealed partial class PostedMarks(string workspace)
{
    private string File => Path.Combine(workspace, "on_start.json");

    /// <exception cref="FlowKitException">The file cannot be written; it is as it was.</exception>
    public async Task RememberAsync(PostedMark mark, CancellationToken cancellationToken)
    {
        var marks = await ReadAsync(cancellationToken);
        marks.RemoveAll(old => old.Entry == mark.Entry);
        marks.Add(mark);
        WholeFile.WritePrivately(File, JsonSerializer.SerializeToUtf8Bytes(marks, MarksJson.Default.ListPostedMark));
    }

    /// <summary>All marks; a file that cannot be read holds none.</summary>
    public async Task<List<PostedMark>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize(
                await System.IO.File.ReadAllBytesAsync(File, cancellationToken), MarksJson.Default.ListPostedMark) ?? [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    [JsonSerializable(typeof(List<PostedMark>))]
    private sealed partial class MarksJson : JsonSerializerContext;
}
