"""How a net is laid out: layers, few crossings, straight chains, nothing on top of anything.

Source: Sugiyama, Tagawa & Toda 1981. Vertices are numbers, places are along one axis: what is
left to right and what is top down is for `explorer.graph.arrange` to say.
"""
