using System.Text.Json.Nodes;
using FlowKit.Components.Schemas;
using FlowKit.Wire.Protos.V1;

namespace FlowKit.Serving.Remote;

/// <summary>The endpoints that an executor elsewhere says it answers, and what it tells of each.</summary>
/// <param name="Names">The endpoints.</param>
/// <param name="Schemas">What it tells; those of which it tells nothing are not there.</param>
internal sealed record DiscoveredEndpoints(IReadOnlySet<string> Names, IReadOnlyDictionary<string, EndpointSchema> Schemas)
{
    /// <summary>Reads the answer; <see langword="null"/> when it names none.</summary>
    public static DiscoveredEndpoints? Of(EndpointsProto reply)
    {
        if (reply.Endpoints.Count == 0)
        {
            return null;
        }

        var schemas = new Dictionary<string, EndpointSchema>(StringComparer.Ordinal);
        if (reply.Schemas is { Fields.Count: > 0 } told && JsonNode.Parse(told.ToString()) is JsonObject json)
        {
            foreach (var (endpoint, schema) in json)
            {
                if (schema is JsonObject fields && EndpointSchema.Read(fields) is { } read)
                {
                    schemas[endpoint] = read;
                }
            }
        }

        return new DiscoveredEndpoints(reply.Endpoints.ToHashSet(StringComparer.Ordinal), schemas);
    }

    /// <summary>Returns what is told of an endpoint, or of the default where nobody names it.</summary>
    public EndpointSchema? Find(string endpoint) => Names.Contains(endpoint)
        ? Schemas.GetValueOrDefault(endpoint)
        : Schemas.GetValueOrDefault(RequestsAttribute.Default);
}
