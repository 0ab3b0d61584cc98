using System.Text.Json.Nodes;
using FlowKit.Components;
using FlowKit.Components.Schemas;

namespace FlowKit.Serving.Gateway.Http.Description;

/// <summary>
/// Describes the paths that a gateway with DocArray v2 has for each endpoint: their documents as the executors declare them.
/// </summary>
internal static class EndpointOperations
{
    private const string Parts = "#/components/schemas/";
    private const string Definitions = "#/definitions/";

    /// <summary>Adds them; a path that is described already stays as it is.</summary>
    public static void Add(JsonObject description, IReadOnlyDictionary<string, EndpointSchema> schemas, string prefix)
    {
        var (paths, parts) = (ObjectIn(description, "paths"), ObjectIn(ObjectIn(description, "components"), "schemas"));
        foreach (var (endpoint, schema) in schemas.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (endpoint is not (RequestsAttribute.Default or EndpointTable.DryRun) && endpoint.StartsWith('/'))
            {
                var path = ObjectIn(paths, prefix + endpoint);
                path.TryAdd(schema.IsGenerator ? "get" : "post", Operation(endpoint, schema, parts));
            }
        }
    }

    private static JsonObject Operation(string endpoint, EndpointSchema schema, JsonObject parts)
    {
        var (input, output) = (Refer(schema.Input, parts), Refer(schema.Output, parts));
        return new JsonObject
        {
            ["tags"] = new JsonArray(HttpRoutes.Endpoints),
            ["summary"] = schema.IsGenerator ? $"Stream from {endpoint}" : $"Post to {endpoint}",
            ["requestBody"] = Content("application/json", schema.IsGenerator ? input : Envelope(input)),
            ["responses"] = new JsonObject
            {
                ["200"] = schema.IsGenerator
                    ? With(Content("text/event-stream", output), "An event 'update' with each document, then 'end'.")
                    : With(Content("application/json", Envelope(output)), "The documents."),
            },
        };
    }

    private static JsonObject Envelope(JsonObject document) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["data"] = new JsonObject
            {
                ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "array", ["items"] = document.DeepClone() }, document),
            },
            ["parameters"] = new JsonObject { ["type"] = "object" },
            ["header"] = new JsonObject { ["type"] = "object" },
        },
        ["required"] = new JsonArray("data"),
    };

    private static JsonObject Content(string type, JsonObject schema) =>
        new() { ["content"] = new JsonObject { [type] = new JsonObject { ["schema"] = schema } } };

    private static JsonObject With(JsonObject response, string text)
    {
        response["description"] = text;
        return response;
    }

    /// <summary>Puts a model among the description's own, with those that it refers to.</summary>
    private static JsonObject Refer(NamedModel model, JsonObject parts)
    {
        if (!parts.ContainsKey(model.Name))
        {
            var copy = (JsonObject)model.Model.DeepClone();
            var inner = copy["definitions"] as JsonObject;
            copy.Remove("definitions");
            parts[model.Name] = copy;
            Repoint(copy);
            foreach (var (name, definition) in inner?.ToList() ?? [])
            {
                inner!.Remove(name);
                Repoint(definition);
                parts.TryAdd(name, definition);
            }
        }

        return new JsonObject { ["$ref"] = Parts + model.Name };
    }

    private static void Repoint(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                if ((string?)(map["$ref"] as JsonValue) is { } reference && reference.StartsWith(Definitions, StringComparison.Ordinal))
                {
                    map["$ref"] = Parts + reference[Definitions.Length..];
                }

                foreach (var (_, value) in map)
                {
                    Repoint(value);
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    Repoint(item);
                }

                break;
        }
    }

    private static JsonObject ObjectIn(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject child)
        {
            parent[name] = child = [];
        }

        return child;
    }
}
