using FlowKit.Configuration.Executors;
using FlowKit.Routing.Shards;

namespace FlowKit.Runtime.Properties;

/// <summary>Whether a call is one that its executor may be given.</summary>
internal sealed class CallCheck(FlowTrial trial, ExecutorContext context, int number)
{
    private readonly NodePlan _node = trial.Plan.Nodes[number];

    public void Check(DocumentArray documents, List<DocumentPlace> places, int parameter, bool writes)
    {
        for (var i = 0; i < places.Count; i++)
        {
            Check(documents[i], places[i], parameter, writes);
        }

        if (_node.Batching is { } batching)
        {
            Expect(places.Count <= (batching.MaxBatchSize ?? batching.PreferredBatchSize), $"got a batch of {places.Count}");
            Expect(places.TrueForAll(place => EndpointOf(place) == EndpointOf(places[0])), "got a batch of two endpoints");
        }
        else
        {
            Expect(places.TrueForAll(place => place.Request == places[0].Request), "got documents of two requests without batching");
        }
    }

    private void Check(Document document, DocumentPlace place, int parameter, bool writes)
    {
        var request = trial.Plan.Requests[place.Request];
        Expect(document.Error is null, $"got document {place.Id}, which has failed");
        Expect(writes == (request.Endpoint == "/index") && _node.Answers(request.Endpoint), $"got document {place.Id} by another endpoint");
        Expect(parameter == request.Parameter, $"got document {place.Id} with another request's parameters");
        Expect(request.Targets(number), $"got document {place.Id}, which was not meant for it");
        Expect(_node.When is not { } letters || request.Has(place.Index, letters), $"got document {place.Id}, which does not match");
        Expect(
            _node.ModeOf(request.Endpoint) != PollingMode.Hash || ShardPolling.ShardOf(document.Id, _node.Shards) == context.ShardId,
            $"shard {context.ShardId} got document {place.Id} of another shard");
    }

    private string EndpointOf(DocumentPlace place) => trial.Plan.Requests[place.Request].Endpoint;

    private void Expect(bool holds, string problem)
    {
        if (!holds)
        {
            trial.Ledger.Report($"{context.Name} {problem}");
        }
    }
}
