//! Ways through a graph: the shortest from the root, and the shortest by each thing that brings a component in.
use std::collections::VecDeque;

use super::names::NONE;

/// Edges as two compressed lists, and for each node the one before it on the shortest way from the root.
#[derive(Debug)]
pub(super) struct Ways {
    forth: Lists,
    back: Lists,
    before: Vec<u32>,
    root: Option<u32>,
}

/// Neighbours of each node, one list behind the other.
#[derive(Debug)]
struct Lists {
    starts: Vec<u32>,
    all: Vec<u32>,
}

impl Lists {
    fn new(nodes: usize, edges: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut starts = vec![0_u32; nodes + 1];
        for (from, _) in edges.clone() {
            if let Some(count) = starts.get_mut(from as usize + 1) {
                *count = count.saturating_add(1);
            }
        }
        let mut sum = 0_u32;
        for start in &mut starts {
            sum = sum.saturating_add(*start);
            *start = sum;
        }
        let mut all = vec![NONE; sum as usize];
        let mut next = starts.clone();
        for (from, to) in edges {
            if let Some(at) = next.get_mut(from as usize)
                && let Some(slot) = all.get_mut(*at as usize)
            {
                *slot = to;
                *at += 1;
            }
        }
        Self { starts, all }
    }

    fn of(&self, node: u32) -> &[u32] {
        let bound = |at: usize| self.starts.get(at).map_or(0, |start| *start as usize);
        self.all.get(bound(node as usize)..bound(node as usize + 1)).unwrap_or_default()
    }

    /// For each node that can be reached from here, the one before it on a shortest way.
    fn flood(&self, from: u32) -> Vec<u32> {
        let mut before = vec![NONE; self.starts.len().saturating_sub(1)];
        if let Some(own) = before.get_mut(from as usize) {
            *own = from;
        }
        let mut open = VecDeque::from([from]);
        while let Some(at) = open.pop_front() {
            for next in self.of(at) {
                if let Some(slot) = before.get_mut(*next as usize).filter(|slot| **slot == NONE) {
                    *slot = at;
                    open.push_back(*next);
                }
            }
        }
        before
    }
}

impl Ways {
    pub(super) fn new(nodes: usize, edges: impl Iterator<Item = (u32, u32)> + Clone, root: Option<u32>) -> Self {
        let forth = Lists::new(nodes, edges.clone());
        let back = Lists::new(nodes, edges.map(|(from, to)| (to, from)));
        let before = root.map(|root| forth.flood(root)).unwrap_or_default();
        Self { forth, back, before, root }
    }

    /// From the root to this node; `None` where there is no way, or no root.
    pub(super) fn shortest(&self, to: u32) -> Option<Vec<u32>> {
        let mut way = followed(&self.before, to)?;
        way.reverse();
        Some(way)
    }

    /// For each thing that the root needs itself, and that leads to this node, the shortest way from there; without a
    /// root, for each thing that nothing needs. In the order of the document, as many as asked for, and how many more there are.
    pub(super) fn introducers(&self, to: u32, most: usize) -> (Vec<Vec<u32>>, u64) {
        let towards = self.back.flood(to);
        let leads = |node: &u32| towards.get(*node as usize).is_some_and(|next| *next != NONE);
        let mut first: Vec<u32> = match self.root {
            Some(root) => self.forth.of(root).iter().copied().filter(|node| *node != root && leads(node)).collect(),
            None => (0..u32::try_from(towards.len()).unwrap_or(NONE))
                .filter(|node| *node != to && self.back.of(*node).is_empty() && leads(node))
                .collect(),
        };
        first.sort_unstable();
        first.dedup();
        let untold = first.len().saturating_sub(most) as u64;
        first.truncate(most);
        (first.into_iter().filter_map(|node| followed(&towards, node)).collect(), untold)
    }
}

/// From a node along the ones before it, to the one that stands before itself.
fn followed(before: &[u32], from: u32) -> Option<Vec<u32>> {
    let mut way = vec![from];
    let mut at = from;
    loop {
        let next = before.get(at as usize).copied().filter(|next| *next != NONE)?;
        if next == at {
            return Some(way);
        }
        way.push(next);
        at = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_introducer_by_its_shortest_way() {
        // 0 needs 1, 2 and 5; 1 needs 3; 2 needs 4; 3 and 4 need 6; 5 needs nothing; 6 needs 1 again.
        let edges = [(0, 1), (0, 2), (0, 5), (1, 3), (2, 4), (3, 6), (4, 6), (6, 1), (0, 2), (7, 0)];
        let ways = Ways::new(8, edges.iter().copied(), Some(0));
        assert_eq!(ways.shortest(6), Some(vec![0, 1, 3, 6]));
        assert_eq!(ways.shortest(0), Some(vec![0]));
        assert_eq!(ways.shortest(7), None);
        assert_eq!(ways.introducers(6, 10), (vec![vec![1, 3, 6], vec![2, 4, 6]], 0));
        assert_eq!(ways.introducers(6, 1), (vec![vec![1, 3, 6]], 1));
        assert_eq!(ways.introducers(5, 10), (vec![vec![5]], 0));
        let rootless = Ways::new(8, edges.iter().copied(), None);
        assert_eq!(rootless.shortest(6), None);
        assert_eq!(rootless.introducers(6, 10), (vec![vec![7, 0, 1, 3, 6]], 0));
    }

    #[test]
    fn a_ladder_with_very_many_ways() {
        // Two nodes a rung, each needing both of the next: 2^4000 ways.
        let rung = |n: u32| [(n, n + 2), (n, n + 3), (n + 1, n + 2), (n + 1, n + 3)];
        let edges: Vec<(u32, u32)> = (0..4000).flat_map(|rungs| rung(rungs * 2)).collect();
        let ways = Ways::new(8002, edges.iter().copied(), Some(0));
        assert_eq!(ways.shortest(8000).map(|way| way.len()), Some(4001));
        assert_eq!(ways.introducers(8000, 100).0.len(), 2);
    }
}
