namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>
/// Waits until the thread pool is idle. Nearly all of a simulated run happens on the thread that drives it; only a few
/// continuations (those of a cancellation) run on the pool, and time must not advance before they are done.
/// </summary>
internal static class PoolCalm
{
    private static int s_always = LeastBusy();

    public static void Wait()
    {
        var spin = new SpinWait();
        for (int calm = 0; calm < 2; )
        {
            if (IsCalm())
            {
                calm++;
                continue;
            }
            calm = 0;
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    private static bool IsCalm()
    {
        if (ThreadPool.PendingWorkItemCount > 0)
            return false;
        int busy = Busy();
        if (busy < s_always)
            s_always = busy;
        return busy <= s_always;
    }

    /// <summary>Threads that the test runner keeps permanently.</summary>
    private static int LeastBusy()
    {
        int least = int.MaxValue;
        for (int i = 0; i < 20; i++)
        {
            least = Math.Min(least, Busy());
            Thread.Sleep(1);
        }
        return least;
    }

    private static int Busy()
    {
        ThreadPool.GetMaxThreads(out int all, out _);
        ThreadPool.GetAvailableThreads(out int free, out _);
        return all - free;
    }
}
