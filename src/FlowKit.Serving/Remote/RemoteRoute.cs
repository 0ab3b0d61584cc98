using Grpc.Core;

namespace FlowKit.Serving.Remote;

/// <summary>
/// Takes a call to a replica that answers it: to another at once where the first cannot have seen it, or has enough others; when all have
/// enough, again after a while. What a replica may have seen it does not repeat.
/// </summary>
/// <param name="peers">The replicas.</param>
/// <param name="executor">The executor's name, for errors.</param>
/// <param name="time">Time.</param>
internal sealed class RemoteRoute(RemotePeers peers, string executor, TimeProvider time)
{
    private static readonly TimeSpan s_minWait = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_maxWait = TimeSpan.FromSeconds(1);

    /// <summary>The time that a call waits for replicas that are full, where its caller sets no limit.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Makes a call.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="call">Makes it at a replica; who has the lease ends it where the call succeeds.</param>
    /// <param name="need">The time that it has, and who may have it.</param>
    /// <param name="passedBy">Replicas that are not to be asked while there are others; each that is asked is added.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="FlowKitException">No replica answered it.</exception>
    public async Task<T> SendAsync<T>(
        Func<RemoteLease, ValueTask<T>> call, RouteNeed need, List<RemotePeer> passedBy, CancellationToken cancellationToken)
    {
        var (began, wait, sawFull) = (time.GetTimestamp(), s_minWait, false);
        while (true)
        {
            var turn = await peers.ChooseAsync(passedBy, need.ToWriter, cancellationToken);
            passedBy.Add(turn.Peer);
            try
            {
                var answer = await call(turn);
                turn.Peer.Record.Succeeded();
                return answer;
            }
            catch (Exception exception)
            {
                turn.Dispose();
                if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested)
                {
                    throw;
                }

                Note(turn.Peer, exception);
                sawFull |= RemoteErrors.IsFull(exception);
                var isUnseen = RemoteErrors.IsFull(exception) || RemoteErrors.WasNeverSent(exception)
                    || RemoteErrors.IsOtherShard(exception);
                if (isUnseen && peers.HasOthers(passedBy, need.ToWriter))
                {
                    continue;
                }

                if (!isUnseen || !sawFull || time.GetElapsedTime(began) + wait > (need.Timeout ?? s_patience))
                {
                    throw RemoteErrors.Explain(exception, executor, turn.Peer.Name);
                }
            }

            // All are full, or not there.
            await Task.Delay(wait * (0.5 + Random.Shared.NextDouble()), time, cancellationToken);
            wait = wait * 2 < s_maxWait ? wait * 2 : s_maxWait;
            passedBy.Clear();
        }
    }

    private static void Note(RemotePeer peer, Exception exception)
    {
        if (RemoteErrors.IsTrouble(exception))
        {
            // Asked again within two seconds; a call that is repeated goes elsewhere meanwhile.
            peer.Record.Asked(((RpcException)exception).Status.Detail);
        }

        if (RemoteErrors.IsSuspicious(exception))
        {
            peer.Record.Failed(((RpcException)exception).Status.Detail);
        }
    }
}
