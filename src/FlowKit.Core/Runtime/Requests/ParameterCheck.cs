using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowKit.Components;
using FlowKit.Routing;
using FlowKit.Runtime.Executors;

namespace FlowKit.Runtime.Requests;

/// <summary>
/// Refuses a parameter that no executor on a request's way reads: it would be lost without a word, and the answer would be one to another
/// question.
/// </summary>
internal static class ParameterCheck
{
    /// <summary>Checks the parameters of a request.</summary>
    /// <param name="call">The request.</param>
    /// <param name="deployments">The executors of the flow.</param>
    /// <exception cref="FlowKitException">One of them is read by nobody, or the target is no regular expression.</exception>
    public static void Check(FlowRequest call, Deployment[] deployments)
    {
        if (call.Parameters.IsEmpty || call.IsPartOfOther || call.Endpoint == EndpointTable.DryRun)
        {
            return;
        }

        var target = TargetPattern.Parse(call.TargetExecutor);
        var readers = new List<Reader>();
        foreach (var deployment in deployments)
        {
            if (IsMeant(target, deployment.Name) && deployment.Shards[0].Find(call.Endpoint) is { } endpoint)
            {
                readers.Add(new(deployment.Name, endpoint.Method.KnownParameters));
            }
        }

        // A request that nobody answers is told so elsewhere, or passes through as in Jina.
        if (readers.Count == 0)
        {
            return;
        }

        foreach (var (key, value) in call.Parameters.Values)
        {
            Check(call, key, value, readers, deployments);
        }
    }

    /// <summary>Tells whether an executor that answers an endpoint reads a parameter; <see langword="null"/> when one may.</summary>
    public static bool? Reads(string endpoint, string parameter, Deployment[] deployments)
    {
        var names = deployments.Select(deployment => deployment.Shards[0].Find(endpoint)).OfType<PoolEndpoint>()
            .Select(found => found.Method.KnownParameters).ToList();
        if (names.Exists(known => known?.Contains(parameter) == true))
        {
            return true;
        }

        return names.Contains(null) ? null : false;
    }

    private static void Check(
        FlowRequest call, string key, JsonNode? value, List<Reader> readers, Deployment[] deployments)
    {
        // Jina's reserved names, such as the results of an earlier answer.
        if (key.StartsWith(ExecutorParameters.Separator, StringComparison.Ordinal))
        {
            return;
        }

        if (ExecutorParameters.NameLength(key) is > 0 and var cut)
        {
            var name = key[(cut + ExecutorParameters.Separator.Length)..];
            CheckOne(call, key, name, NamedBy(key, key[..cut], readers, deployments));
        }
        else if (value is JsonObject own && Array.Exists(deployments, deployment => deployment.Name == key))
        {
            foreach (var (field, _) in own)
            {
                CheckOne(call, $"{key}.{field}", field, readers.FindAll(reader => reader.Executor == key));
            }
        }
        else
        {
            CheckOne(call, key, key, readers);
        }
    }

    /// <summary>The executor that a name such as <c>indexer__limit</c> is for, where it is on the way.</summary>
    private static List<Reader> NamedBy(string key, string executor, List<Reader> readers, Deployment[] deployments) =>
        Array.Exists(deployments, deployment => deployment.Name == executor)
            ? readers.FindAll(reader => reader.Executor == executor)
            : throw Unread(
                key,
                $"is for an executor '{executor}', which the flow does not have"
                    + NearestName.Hint(executor, deployments.Select(deployment => deployment.Name)));

    private static void CheckOne(FlowRequest call, string shown, string name, List<Reader> readers)
    {
        if (readers.Exists(reader => reader.Names?.Contains(name) != false))
        {
            return;
        }

        var known = readers.SelectMany(reader => reader.Names!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var others = known.Count == 0 ? "; they read none" : $"; they read {string.Join(", ", known)}";
        throw Unread(shown, $"is read by no executor that answers '{call.Endpoint}'{NearestName.Hint(name, known)}{others}");
    }

    private static FlowKitException Unread(string shown, string why) =>
        new(FlowErrorCode.InvalidArgument, $"parameters.{shown}: it {why}.");

    /// <summary>A pattern that takes too long to match fails the request where it is matched again.</summary>
    private static bool IsMeant(TargetPattern target, string executor)
    {
        try
        {
            return target.Matches(executor);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    /// <param name="Executor">The executor's name.</param>
    /// <param name="Names">The names that it reads; <see langword="null"/> when it may read any.</param>
    private readonly record struct Reader(string Executor, IReadOnlySet<string>? Names);
}
