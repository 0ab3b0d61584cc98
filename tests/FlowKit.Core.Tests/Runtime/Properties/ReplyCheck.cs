using FlowKit.Configuration.Executors;

namespace FlowKit.Runtime.Properties;

/// <summary>Whether a reply is the one that its request must get.</summary>
internal sealed class ReplyCheck(FlowPlan plan, TrialLedger ledger, int request, FlowResponse reply)
{
    private readonly RequestPlan _request = plan.Requests[request];
    private readonly NodeTrouble _trouble = new(plan, ledger, request);
    private readonly PlausibleError _plausible = new(plan, ledger, request);
    private readonly ExpectedRoads _roads = new(plan, request);
    private readonly IReadOnlyList<int?> _roots = plan.Roots;

    public void Check()
    {
        var failed = (1 << _request.Documents.Count) - 1;
        if (reply.Error is { } error)
        {
            Expect(_plausible.Holds(error), $"was told {error} without a cause");
            Expect(reply.Documents.All(document => DocumentPlace.Of(document).Request == request), "failed and has the documents of another");
        }
        else
        {
            CheckDocuments();
            failed = reply.Documents.Where(document => document.Error is not null).Select(document => DocumentPlace.Of(document).Index)
                .Concat(Enumerable.Range(0, _request.Documents.Count).Where(index => IsTouched(index) || IsLost(index)))
                .Aggregate(0, (set, index) => set | (1 << index));
        }

        for (var node = 0; node < plan.Nodes.Count; node++)
        {
            CheckVisits(node, failed);
        }
    }

    /// <summary>Whether a document may have failed on the main road: where a condition then left it out, the reply does not tell.</summary>
    private bool IsTouched(int index) => Enumerable.Range(0, plan.Nodes.Count).Any(node => _roots[node] is null && _trouble.IsTouched(node, index));

    /// <summary>
    /// Whether a shard may have failed with a document that no call had met yet. The reply tells of the shard, but of the document only where
    /// it came through that executor: not where a condition left it out afterwards, nor where it came by another branch.
    /// </summary>
    private bool IsLost(int index) => Enumerable.Range(0, plan.Nodes.Count).Any(
        node => HasLostShard(node) && ((_roads.Reply & (1 << index)) == 0 || (_roads.Marks[index] & (1 << node)) == 0));

    private bool HasLostShard(int node) => _roots[node] is null && plan.Nodes[node].ModeOf(_request.Endpoint) == PollingMode.Hash
        && (reply.Results?[FlowPlan.NameOf(node)]?["failed_shards"] is not null || (_request.Streams && _trouble.IsUnsteady(node)));

    private void CheckDocuments()
    {
        var expected = Enumerable.Range(0, _request.Documents.Count).Where(index => (_roads.Reply & (1 << index)) != 0).Select(index => new DocumentPlace(request, index));
        var found = reply.Documents.Select(DocumentPlace.Of);
        var inOrder = _request.Streams ? found.OrderBy(place => place.Request).ThenBy(place => place.Index) : found;
        if (!inOrder.SequenceEqual(expected))
        {
            ledger.Report($"request {request} has the documents [{string.Join(' ', found.Select(place => place.Id))}], expected [{string.Join(' ', expected.Select(place => place.Id))}]");
            return;
        }

        foreach (var document in reply.Documents)
        {
            CheckDocument(document, DocumentPlace.Of(document).Index);
        }
    }

    private void CheckDocument(Document document, int index)
    {
        var marks = document.Scores.Keys.Aggregate(0, (marks, name) => marks | (1 << FlowPlan.NumberOf(name)));
        var expected = _roads.Marks[index];
        Expect(
            document.Error is null ? marks == expected : (marks & ~expected) == 0,
            $"got {document.Id} with the marks [{string.Join(' ', document.Scores.Keys)}], expected {Convert.ToString(expected, 2)} (the first on the right)");
        Expect(document.Text == $"{_request.Documents[index].Text}", $"got {document.Id} with another text: {document.Text}");
        if (document.Error is { } error)
        {
            Expect(error.DocumentId == document.Id && IsPlausible(error, index), $"got {document.Id} with the error {error} without a cause");
        }
        else
        {
            Expect(!Enumerable.Range(0, plan.Nodes.Count).Any(node => (expected & (1 << node)) != 0 && _trouble.IsDoomed(node, index)), $"got {document.Id} without the error it must have");
        }
    }

    /// <summary>A document failed alone, or with all that its shard had; then the reply tells of the shard.</summary>
    private bool IsPlausible(FlowError error, int index)
    {
        var node = FlowPlan.NumberOf(error.Executor!);
        return error.Message == CallTrouble.Message
            ? _trouble.IsTouched(node, index) && _roots[node] is null
            : _plausible.Holds(error) && plan.Nodes[node].ModeOf(_request.Endpoint) == PollingMode.Hash && (_request.Streams || reply.Results?[error.Executor!]?["failed_shards"] is not null);
    }

    /// <summary>No executor meets a document more often than it must; where all went well, as often.</summary>
    private void CheckVisits(int node, int failed)
    {
        var isSettled = reply.Error is null
            && (_roots[node] is not { } root || !Enumerable.Range(0, plan.Nodes.Count).Any(other => _roots[other] == root && _trouble.MayFail(other)));
        for (var document = 0; document < _request.Documents.Count; document++)
        {
            var visits = ledger.Visits(node, new DocumentPlace(request, document));
            var most = _roads.Visits(node, document);
            var least = !isSettled || (failed & (1 << document)) != 0 ? 0 : _trouble.IsUnsteady(node) ? Math.Min(most, 1) : most;
            Expect(
                visits >= least && (visits <= most || plan.Nodes[node].Timeout is not null),
                $"met {FlowPlan.NameOf(node)} {visits} times with document {document}, expected {least} to {most}");
        }
    }

    private void Expect(bool holds, string problem)
    {
        if (!holds)
        {
            ledger.Report($"request {request} {problem}");
        }
    }
}
