using System.Globalization;
using System.Text.Json.Nodes;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Takes the path of a field apart into FastAPI's <c>loc</c>: <c>["body", "data", 0, "text"]</c>.</summary>
internal static class FieldLocation
{
    private const string Root = "body";

    /// <summary>Makes the list.</summary>
    /// <param name="field">For example <c>data[0].text</c>.</param>
    public static JsonArray Of(string field)
    {
        var location = new JsonArray(Root);
        foreach (var part in field.Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (location.Count > 1 || part != Root)
            {
                location.Add(int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : part);
            }
        }

        return location;
    }
}
