namespace FlowKit.Runtime.Properties;

/// <summary>Smaller plans: fewer requests and executors first, then plainer ones.</summary>
internal static class FlowPlanShrinker
{
    public static IEnumerable<FlowPlan> Shrink(FlowPlan plan)
    {
        var text = plan.ToString();
        return Fewer(plan).Concat(Plainer(plan)).Select(FlowPlanRules.Keep).Where(smaller => smaller.ToString() != text);
    }

    private static IEnumerable<FlowPlan> Fewer(FlowPlan plan)
    {
        if (plan.Requests.Count > 1)
        {
            yield return plan with { Requests = [.. plan.Requests.Take(plan.Requests.Count / 2)] };
            yield return plan with { Requests = [.. plan.Requests.Skip(plan.Requests.Count / 2)] };
        }

        for (var node = plan.Nodes.Count - 1; node >= 0 && plan.Nodes.Count > 1; node--)
        {
            yield return Without(plan, node);
        }

        for (var request = 0; request < plan.Requests.Count && plan.Requests.Count > 1; request++)
        {
            yield return plan with { Requests = [.. plan.Requests.Where((_, index) => index != request)] };
        }
    }

    private static IEnumerable<FlowPlan> Plainer(FlowPlan plan)
    {
        yield return plan with { Capacity = 1024, Stop = StopMoment.Answered };
        for (var number = 0; number < plan.Nodes.Count; number++)
        {
            foreach (var node in Plainer(plan.Nodes[number]))
            {
                yield return plan with { Nodes = Replace(plan.Nodes, number, node) };
            }
        }

        for (var number = 0; number < plan.Requests.Count; number++)
        {
            foreach (var request in Plainer(plan.Requests[number]))
            {
                yield return plan with { Requests = Replace(plan.Requests, number, request) };
            }
        }
    }

    private static IEnumerable<NodePlan> Plainer(NodePlan node)
    {
        yield return new NodePlan { Needs = node.Needs };
        yield return node with { Trouble = Trouble.None };
        yield return node with { Shards = 1 };
        yield return node with { Replicas = 1 };
        yield return node with { Batching = null };
        yield return node with { When = null };
        yield return node with { Floats = false };
        yield return node with { Capacity = 64 };
        yield return node with { Slow = 0, IsStubborn = false };
        yield return node with { Returns = false, OnlyRuns = false, FailsOnShardError = false, FailureThreshold = NodePlan.NeverRestarts };
        for (var need = 0; need < node.Needs.Count && node.Needs.Count > 1; need++)
        {
            yield return node with { Needs = [.. node.Needs.Where((_, index) => index != need)] };
        }
    }

    private static IEnumerable<RequestPlan> Plainer(RequestPlan request)
    {
        yield return new RequestPlan { Documents = request.Documents };
        yield return request with { Endpoint = "/run" };
        yield return request with { Streams = false };
        yield return request with { Timeout = null };
        yield return request with { Cancel = null };
        yield return request with { Priority = Priority.Normal, Parameter = 0, Target = null };
        yield return request with { Documents = [.. request.Documents.Skip(request.Documents.Count / 2)] };
        for (var document = 0; document < request.Documents.Count; document++)
        {
            yield return request with { Documents = [.. request.Documents.Where((_, index) => index != document)] };
            yield return request with { Documents = Replace(request.Documents, document, request.Documents[document] with { Poison = -1 }) };
        }
    }

    /// <summary>Who needed the node that goes needs what it needed.</summary>
    private static FlowPlan Without(FlowPlan plan, int gone)
    {
        var nodes = plan.Nodes.Where((_, number) => number != gone).Select(node => node with
        {
            Needs = [.. node.Needs.SelectMany(need => need == gone ? plan.Nodes[gone].Needs : [need]).Select(need => need > gone ? need - 1 : need).Distinct()],
        });
        var requests = plan.Requests.Select(request => request with
        {
            Target = request.Target is not { } target || target == gone ? null : target > gone ? target - 1 : target,
            Documents = [.. request.Documents.Select(document => document with { Poison = document.Poison == gone ? -1 : document.Poison > gone ? document.Poison - 1 : document.Poison })],
        });
        return plan with { Nodes = [.. nodes], Requests = [.. requests] };
    }

    private static T[] Replace<T>(IReadOnlyList<T> list, int index, T item) => [.. list.Select((old, at) => at == index ? item : old)];
}
