using FlowKit.Runtime.Channels;
using FlowKit.Runtime.Executors.Loading;

namespace FlowKit.Runtime.Executors;

/// <summary>
/// Starts the replicas of a pool, changes how many there are, and replaces them by those of another revision while the pool serves.
/// </summary>
internal sealed class ReplicaRollout(
    PoolState state, ExecutorChannel channel, ReplicaSet replicas, ReplicaSupervisor supervisor, CircuitBreaker circuit,
    ExecutorLoader loader, ExecutorDisposal disposal, CancellationToken stopped)
{
    /// <summary>Loads the first replicas and lets them serve.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        List<Executor> loaded = [];
        try
        {
            await LoadFirstAsync(loaded, cancellationToken);
        }
        catch
        {
            foreach (var executor in loaded)
            {
                await disposal.DisposeAsync(executor);
            }

            throw;
        }

        for (var id = 0; id < loaded.Count; id++)
        {
            await supervisor.AddAsync(id, loaded[id], state.Endpoints);
        }
    }

    /// <summary>Changes how many replicas there are, none included. Those that go finish their call first.</summary>
    /// <exception cref="FlowKitException">One did not start; those that did serve.</exception>
    public async Task ScaleAsync(int count, CancellationToken cancellationToken)
    {
        var revision = state.Revision.With(count);
        Replica[] running = [.. replicas.ToArray().OrderBy(replica => replica.Id)];
        try
        {
            await GrowAsync(revision, [.. Enumerable.Range(running.Length, Math.Max(0, count - running.Length))], cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            state.Revision = state.Revision.With(Math.Max(state.Config.Replicas, replicas.ToArray().Length));
            Refuse(exception, TimeSpan.Zero);
            throw;
        }

        state.Revision = revision;
        if (count > 0)
        {
            circuit.CloseWhenOneServes();
        }

        foreach (var replica in running.Skip(count))
        {
            await supervisor.RetireAsync(replica);
        }
    }

    /// <summary>Replaces the executors by those of another revision, one after another, without losing a request.</summary>
    /// <exception cref="FlowKitException">The new one did not start; the old ones serve on.</exception>
    public async Task ReplaceAsync(ExecutorRevision revision, CancellationToken cancellationToken)
    {
        await (
            revision.Descriptor.IsExclusive ? ReplaceExclusiveAsync(revision, cancellationToken) : RollAsync(revision, cancellationToken));
        channel.Resize(revision.Config.Capacity, revision.Config.CapacityBytes);
    }

    /// <summary>
    /// Executors in this process share its processors and load one after another; those in processes of their own mostly wait, and do so
    /// together.
    /// </summary>
    private async Task LoadFirstAsync(List<Executor> loaded, CancellationToken cancellationToken)
    {
        var config = state.Config;
        if (config.Launch is null)
        {
            for (var id = 0; id < config.Replicas; id++)
            {
                loaded.Add(await loader.LoadAsync(state.Revision, state.Shard, id, cancellationToken));
            }

            return;
        }

        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var loading = Enumerable.Range(0, config.Replicas).Select(
            id => loader.LoadAsync(state.Revision, state.Shard, id, failed.Token)).ToList();
        var left = loading.ToList();
        Task? first = null;
        while (left.Count > 0)
        {
            var next = await Task.WhenAny(left);
            left.Remove(next);
            if (!next.IsCompletedSuccessfully && first is null)
            {
                first = next;
                await failed.CancelAsync();
            }
        }

        foreach (var task in loading.Where(task => task.IsCompletedSuccessfully))
        {
            loaded.Add(await task);
        }

        await (first ?? Task.CompletedTask);
    }

    private async Task RollAsync(ExecutorRevision revision, CancellationToken cancellationToken)
    {
        if (revision.Config.Replicas == 0)
        {
            state.Revision = revision;
        }

        var old = new Queue<Replica>(replicas.ToArray());
        for (var id = 0; id < revision.Config.Replicas; id++)
        {
            var executor = await loader.LoadAsync(revision, state.Shard, id, cancellationToken);
            state.Revision = revision;
            await supervisor.AddAsync(id, executor, revision.Endpoints);
            if (old.TryDequeue(out var replica))
            {
                await supervisor.RetireAsync(replica);
            }
        }

        while (old.TryDequeue(out var replica))
        {
            await supervisor.RetireAsync(replica);
        }

        circuit.Close();
    }

    /// <summary>Requests wait in the channel while the old instance is closed and the new one opened.</summary>
    private async Task ReplaceExclusiveAsync(ExecutorRevision revision, CancellationToken cancellationToken)
    {
        channel.Pause(true);
        try
        {
            foreach (var replica in replicas.ToArray())
            {
                await supervisor.RetireAsync(replica);
            }

            try
            {
                await AddAllAsync(revision, cancellationToken);
                state.Revision = revision;
            }
            catch (Exception) when (replicas.ToArray().Length == 0)
            {
                await AddAllAsync(state.Revision, stopped);
                throw;
            }
        }
        finally
        {
            channel.Pause(false);
        }
    }

    private async Task AddAllAsync(ExecutorRevision revision, CancellationToken cancellationToken)
    {
        for (var id = 0; id < revision.Config.Replicas; id++)
        {
            await AddAsync(revision, id, cancellationToken);
        }
    }

    /// <summary>Each serves as soon as it is loaded; those in processes of their own load together.</summary>
    private async Task GrowAsync(ExecutorRevision revision, int[] ids, CancellationToken cancellationToken)
    {
        if (revision.Config.Launch is not null)
        {
            await Task.WhenAll(ids.Select(id => AddAsync(revision, id, cancellationToken, Refuse)));
            return;
        }

        foreach (var id in ids)
        {
            await AddAsync(revision, id, cancellationToken, Refuse);
        }
    }

    private async Task AddAsync(
        ExecutorRevision revision, int id, CancellationToken cancellationToken, Action<Exception, TimeSpan>? failed = null) =>
        await supervisor.AddAsync(
            id, await loader.LoadAsync(revision, state.Shard, id, cancellationToken, failed), revision.Endpoints);

    /// <summary>
    /// Requests wait for a first attempt while no replica serves; once one has failed, nobody knows for how long they would.
    /// </summary>
    private void Refuse(Exception exception, TimeSpan wait)
    {
        state.LastError = exception.Message;
        circuit.OpenWhenNoneServes(wait);
    }
}
