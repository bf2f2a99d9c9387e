namespace EtcdMaint;

/// <summary>The role of a member in its cluster.</summary>
public enum EtcdMemberRole
{
    /// <summary>The member has a vote. It is not the leader, or does not answer.</summary>
    Voter,

    /// <summary>The member has a vote, and orders all writes of the cluster.</summary>
    Leader,

    /// <summary>The member receives all writes and has no vote.</summary>
    Learner,
}
