using FlowKit.Components;

namespace FlowKit.Runtime.Executors;

/// <content>How a pool starts, grows and shrinks, and replaces its executors while it serves.</content>
internal sealed partial class ExecutorPool
{
    private static readonly TimeSpan s_watchEvery = TimeSpan.FromSeconds(1);

    /// <summary>Loads the first replicas and serves.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        List<Replica> loaded = [];
        try
        {
            await LoadFirstAsync(loaded, cancellationToken);
        }
        catch
        {
            foreach (var replica in loaded)
            {
                await _disposal.DisposeAsync(replica.Executor);
            }

            throw;
        }

        foreach (var replica in loaded)
        {
            await AddAsync(replica);
        }

        SetWatch();
    }

    /// <summary>Executors in this process share its processors and load one after another; those in processes of their own mostly wait, and do so together.</summary>
    private async Task LoadFirstAsync(List<Replica> loaded, CancellationToken cancellationToken)
    {
        if (Config.Launch is null)
        {
            for (var id = 0; id < Config.Replicas; id++)
            {
                loaded.Add(new Replica(id, await _loader.LoadAsync(_version, Shard, id, cancellationToken), Endpoints));
            }

            return;
        }

        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var loading = Enumerable.Range(0, Config.Replicas).Select(id => _loader.LoadAsync(_version, Shard, id, failed.Token)).ToList();
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

        loaded.AddRange(loading.Select((task, id) => (task, id)).Where(pair => pair.task.IsCompletedSuccessfully).Select(pair => new Replica(pair.id, pair.task.GetAwaiter().GetResult(), Endpoints)));
        await (first ?? Task.CompletedTask);
    }

    /// <summary>Changes how many replicas there are. Those that go finish their call first.</summary>
    public async Task ScaleAsync(int replicas, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var version = _version.With(replicas);
            var running = Replicas();
            for (var id = running.Length; id < replicas; id++)
            {
                await AddAsync(new Replica(id, await _loader.LoadAsync(version, Shard, id, cancellationToken), version.Endpoints));
            }

            _version = version;
            foreach (var replica in running.Skip(replicas))
            {
                await RetireAsync(replica);
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Replaces the executors by those of another version, one after another, without losing a request.</summary>
    /// <exception cref="FlowKitException">The new one did not start; the old ones serve on.</exception>
    public async Task ReplaceAsync(ExecutorRevision version, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            await (version.Descriptor.IsExclusive ? ReplaceExclusiveAsync(version, cancellationToken) : RollAsync(version, cancellationToken));
            _channel.Resize(version.Config.Capacity, version.Config.CapacityBytes);
            SetWatch();
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Changes only what is different: nothing, the number of replicas, or the executors.</summary>
    public Task ApplyAsync(ExecutorRevision version, CancellationToken cancellationToken) =>
        !_version.RunsAs(version) ? ReplaceAsync(version, cancellationToken)
        : Config.Replicas != version.Config.Replicas ? ScaleAsync(version.Config.Replicas, cancellationToken)
        : Task.CompletedTask;

    private async Task RollAsync(ExecutorRevision version, CancellationToken cancellationToken)
    {
        var old = new Queue<Replica>(Replicas());
        for (var id = 0; id < version.Config.Replicas; id++)
        {
            var executor = await _loader.LoadAsync(version, Shard, id, cancellationToken);
            _version = version;
            await AddAsync(new Replica(id, executor, version.Endpoints));
            if (old.TryDequeue(out var replica))
            {
                await RetireAsync(replica);
            }
        }

        while (old.TryDequeue(out var replica))
        {
            await RetireAsync(replica);
        }

        Close();
    }

    /// <summary>Requests wait in the channel while the old instance is closed and the new one opened.</summary>
    private async Task ReplaceExclusiveAsync(ExecutorRevision version, CancellationToken cancellationToken)
    {
        _channel.Pause(true);
        try
        {
            foreach (var replica in Replicas())
            {
                await RetireAsync(replica);
            }

            var next = version;
            try
            {
                await AddAllAsync(next, cancellationToken);
                _version = next;
            }
            catch (Exception) when (Replicas().Length == 0)
            {
                await AddAllAsync(_version, _stopped.Token);
                throw;
            }
        }
        finally
        {
            _channel.Pause(false);
        }
    }

    private async Task AddAllAsync(ExecutorRevision version, CancellationToken cancellationToken)
    {
        for (var id = 0; id < version.Config.Replicas; id++)
        {
            await AddAsync(new Replica(id, await _loader.LoadAsync(version, Shard, id, cancellationToken), version.Endpoints));
        }
    }

    /// <summary>Lets a replica serve; one that was loaded while the pool stopped is disposed.</summary>
    private async Task AddAsync(Replica replica)
    {
        lock (_lock)
        {
            if (!_stopped.IsCancellationRequested)
            {
                _replicas.Add(replica);
                _elsewhere = replica.Executor as IRemoteEndpointSource;
                Follow(replica);
                replica.Loop = Task.Run(() => ServeAsync(replica));
                return;
            }
        }

        await _disposal.DisposeAsync(replica.Executor).ConfigureAwait(false);
    }

    private async Task RetireAsync(Replica replica)
    {
        _channel.Retire(replica.Reader);
        await replica.Loop;
        bool isMine;
        lock (_lock)
        {
            isMine = _replicas.Remove(replica);
        }

        if (isMine)
        {
            await _disposal.DisposeAsync(replica.Executor);
        }
    }

    private void SetWatch()
    {
        _watch?.Dispose();
        if (Config.TimeoutExecutor is { } limit)
        {
            var every = limit / 4 < s_watchEvery ? limit / 4 : s_watchEvery;
            every = every < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : every;
            _watch = _time.CreateTimer(static pool => ((ExecutorPool)pool!).Watch(), this, every, every);
        }
    }
}
