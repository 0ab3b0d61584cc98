using System.Text.Json.Nodes;

namespace FlowKit.Serving.Gateway.Http.Description;

/// <summary>Puts a description into the order in which people look for things: what the flow does first, how it is run last.</summary>
internal static class DescriptionOrder
{
    private const string References = "#/components/schemas/";

    /// <summary>Orders paths and tags, and takes out schemas that nothing refers to.</summary>
    /// <param name="description">The description.</param>
    /// <param name="systems">The tags of other systems, in the flow's order.</param>
    public static void Apply(JsonObject description, IReadOnlyList<string> systems)
    {
        var paths = description["paths"]!.AsObject().Select((path, index) => (path.Key, Value: path.Value!.DeepClone(), index)).ToList();
        var used = paths.SelectMany(path => TagsOf(path.Value)).Distinct(StringComparer.Ordinal).ToList();
        List<string> tags =
        [
            .. used.Except([HttpRoutes.Endpoints, HttpRoutes.Operation, .. systems], StringComparer.Ordinal), HttpRoutes.Endpoints,
            .. systems, HttpRoutes.Operation,
        ];
        description["tags"] = new JsonArray(
            [.. tags.Where(used.Contains).Select(tag => new JsonObject { ["name"] = tag, ["description"] = Describe(tag, systems) })]);
        description["paths"] = new JsonObject(paths
            .OrderBy(path => TagsOf(path.Value).Select(tag => tags.IndexOf(tag)).DefaultIfEmpty(tags.Count).Min())
            .ThenBy(path => RankOf(path.Value))
            .ThenBy(path => path.index)
            .Select(path => KeyValuePair.Create(path.Key, (JsonNode?)path.Value)));
        Prune(description);
    }

    private static IEnumerable<string> TagsOf(JsonNode methods) =>
        methods.AsObject().SelectMany(method => method.Value!["tags"]?.AsArray().Select(tag => (string)tag!) ?? []);

    /// <summary>Ranks what an executor answers before the way to any endpoint, and what nobody answers behind it.</summary>
    private static int RankOf(JsonNode methods) => methods.AsObject().Min(method => method.Value![FlowDescription.Executors] switch
    {
        JsonArray { Count: > 0 } => 0,
        null => 1,
        _ => 2,
    });

    private static string Describe(string tag, IReadOnlyList<string> systems)
    {
        if (systems.Contains(tag))
        {
            return $"{tag}'s routes, answered by this flow's executors.";
        }

        return tag switch
        {
            HttpRoutes.Endpoints => "The work of this flow's executors.",
            HttpRoutes.Operation => "The state of the running flow.",
            _ => $"Endpoints of this flow: {tag}.",
        };
    }

    private static void Prune(JsonObject description)
    {
        if (description["components"]?["schemas"] is not JsonObject schemas)
        {
            return;
        }

        while (true)
        {
            var text = description.ToJsonString();
            var unused = schemas.Select(schema => schema.Key)
                .Where(name => !text.Contains($"\"{References}{name}\"", StringComparison.Ordinal))
                .ToList();
            if (unused.Count == 0)
            {
                return;
            }

            unused.ForEach(name => schemas.Remove(name));
        }
    }
}
