using FlowKit.Configuration.Executors;

namespace FlowKit.Runtime.Properties;

/// <summary>
/// Where the documents of one request go when nothing fails, by the rules alone: an executor gets the union of what its needs send, where
/// it answers keeps what its condition lets through and marks it. Sets of documents and of executors are bits.
/// </summary>
internal sealed class ExpectedRoads
{
    private readonly FlowPlan _plan;
    private readonly RequestPlan _request;
    private readonly int[] _documents;
    private readonly int[][] _marks;

    public ExpectedRoads(FlowPlan plan, int request)
    {
        _plan = plan;
        _request = plan.Requests[request];
        _documents = new int[plan.Nodes.Count];
        _marks = new int[plan.Nodes.Count][];
        for (var node = 0; node < plan.Nodes.Count; node++)
        {
            Pass(node);
        }

        (Reply, Marks) = Join([plan.Reply]);
    }

    /// <summary>The documents of the reply.</summary>
    public int Reply { get; }

    /// <summary>The marks of each of them.</summary>
    public IReadOnlyList<int> Marks { get; }

    /// <summary>How often an executor marks a document: once, or once in every shard.</summary>
    public int Visits(int node, int document) =>
        (_documents[node] & (1 << document)) == 0 || !IsMarking(node) ? 0
        : _plan.Nodes[node].ModeOf(_request.Endpoint) == PollingMode.All ? _plan.Nodes[node].Shards
        : 1;

    private void Pass(int node)
    {
        (_documents[node], _marks[node]) = Join(_plan.Nodes[node].Needs);
        for (var document = 0; document < _request.Documents.Count; document++)
        {
            var bit = 1 << document;
            if (IsMarking(node) && _plan.Nodes[node].When is { } letters && !_request.Has(document, letters))
            {
                _documents[node] &= ~bit;
            }

            _marks[node][document] = (_documents[node] & bit) == 0 ? 0 : _marks[node][document] | (IsMarking(node) ? 1 << node : 0);
        }
    }

    private bool IsMarking(int node) => _plan.Nodes[node].Answers(_request.Endpoint) && _request.Targets(node);

    private (int Documents, int[] Marks) Join(IReadOnlyList<int> needs)
    {
        var documents = 0;
        var marks = new int[_request.Documents.Count];
        foreach (var need in needs)
        {
            documents |= need == NodePlan.Gateway ? (1 << marks.Length) - 1 : _documents[need];
            for (var document = 0; document < marks.Length && need != NodePlan.Gateway; document++)
            {
                marks[document] |= _marks[need][document];
            }
        }

        return (documents, marks);
    }
}
