using FlowKit.Components;
using FlowKit.Components.Schemas;

namespace FlowKit.Runtime;

/// <summary>
/// Describes what a whole flow takes and gives at each endpoint: as its first executor takes it, and as its last one gives it.
/// </summary>
internal static class FlowSchemas
{
    /// <summary>The schema of an endpoint that nobody works on: documents come back as they went, and nothing is kept.</summary>
    private static readonly EndpointSchema s_passes = EndpointSchema.Legacy with { IsWrite = false };

    /// <summary>Returns every endpoint that an executor names but Jina's readiness probe, with the executors that work on it.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> EndpointsOf(Deployment[] deployments) =>
        deployments.SelectMany(deployment => deployment.Shards[0].EndpointNames)
            .Where(endpoint => endpoint != EndpointTable.DryRun)
            .Distinct(StringComparer.Ordinal)
            .ToDictionary(endpoint => endpoint, endpoint => WorkingOn(endpoint, deployments), StringComparer.Ordinal);

    /// <summary>Describes endpoints, and Jina's readiness probe.</summary>
    public static IReadOnlyDictionary<string, EndpointSchema> Of(IEnumerable<string> endpoints, Deployment[] deployments) =>
        endpoints.Append(EndpointTable.DryRun).Distinct(StringComparer.Ordinal)
            .ToDictionary(endpoint => endpoint, endpoint => Of(endpoint, deployments), StringComparer.Ordinal);

    /// <summary>Returns the executors that answer an endpoint; those that only let it pass where no other does.</summary>
    public static IReadOnlyList<string> WorkingOn(string endpoint, Deployment[] deployments)
    {
        var answering = deployments
            .Select(deployment => (deployment.Name, Found: deployment.Shards[0].Find(endpoint)))
            .Where(pair => pair.Found is not null)
            .ToLookup(pair => pair.Found!.Method.LetsPass, pair => pair.Name);
        return [.. answering[false].Any() ? answering[false] : answering[true]];
    }

    private static EndpointSchema Of(string endpoint, Deployment[] deployments)
    {
        if (endpoint == EndpointTable.DryRun)
        {
            return s_passes;
        }

        var known = deployments
            .Where(deployment => deployment.Shards[0].Find(endpoint) is { Method.LetsPass: false })
            .Select(deployment => deployment.Shards[0].FindSchema(endpoint) ?? EndpointSchema.Legacy)
            .ToList();
        return known is [var first, ..]
            ? first with
            {
                Output = known[^1].Output,
                IsGenerator = known.Exists(schema => schema.IsGenerator),
                IsWrite = WritesOf(known),
            }
            : s_passes;
    }

    /// <summary>Tells whether any of them writes; that none does is known when all have said so.</summary>
    private static bool? WritesOf(List<EndpointSchema> known)
    {
        if (known.Exists(schema => schema.IsWrite == true))
        {
            return true;
        }

        return known.TrueForAll(schema => schema.IsWrite == false) ? false : null;
    }
}
